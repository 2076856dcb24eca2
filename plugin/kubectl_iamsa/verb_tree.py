"""The commands, and the parser of the whole command line. A command's options are loaded only if needed."""

from __future__ import annotations

from .argv.parser import SEE_OPTIONS, Parser, SwitchAction
from .flags.connection import add_connection_options
from .gen3.words import SUMMARY as GEN3_SUMMARY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PROG = "kubectl iamsa"
DESCRIPTION = "AWS IAM roles for the ServiceAccounts of an EKS cluster."
GROUPS: dict[str, dict[str, str]] = {
    "Manage roles": {
        "create": "create or repair the IAM role of a ServiceAccount",
        "update": "add or remove policies and change settings of a role",
        "delete": "delete a role, and the ServiceAccount if iamsa created it",
        "diff": "show what create or apply would change",
    },
    "Manage many roles": {
        "apply": "create or repair the roles of all ServiceAccounts in manifests",
        "schema": "print the JSON Schema of manifests",
    },
    "Inspect": {
        "list": "list ServiceAccounts and their roles, or the policies of a role",
        "describe": "show the chain from a ServiceAccount to its permissions",
    },
    "Troubleshoot": {
        "verify": "check that pods of a ServiceAccount can assume their role",
        "doctor": "find out why pods do not get their role",
    },
    "Other commands": {
        "completion": "set up shell completion",
        "help": "show help for a command",
        "options": "show the options that all commands share",
        "version": "show the versions of iamsa, its libraries and the cluster",
    },
}
SUMMARIES = {verb: summary for verbs in GROUPS.values() for verb, summary in verbs.items()}


class Overview(Parser):
    """The help of the program. argparse supports only one group of commands, and formats it slowly."""

    def format_help(self) -> str:
        wide = max(map(len, SUMMARIES))
        groups = [
            f"{title}:\n"
            + "\n".join(
                f"  {verb:{wide}}  {summary[0].upper()}{summary[1:]}" for verb, summary in verbs.items()
            )
            for title, verbs in GROUPS.items()
        ]
        return (
            "\n\n".join(
                [
                    self.description or "",
                    *groups,
                    f"Usage:\n  {self.usage}",
                    f'Use "{self.prog} COMMAND --help" for more information about a command.\n'
                    f"{SEE_OPTIONS}\n{GEN3_SUMMARY}",
                ]
            )
            + "\n"
        )


def build_parser() -> Parser:
    """Return the parser of the whole command line, which help, manual and completion use too."""
    parser = Overview(prog=PROG, description=DESCRIPTION, usage=f"{PROG} COMMAND [options]")
    parser.add_argument("--version", action=SwitchAction, help="print the version")
    verbs = parser.add_subparsers(metavar="COMMAND", dest="verb", parser_class=Parser, prog=PROG)
    for name, summary in SUMMARIES.items():
        verbs.add_parser(name, help=summary).defer(_filler(name))
    add_connection_options(parser, before_verb=True)
    return parser


def _filler(name: str) -> Callable[[Parser], None]:
    def fill(parser: Parser) -> None:
        from importlib import import_module  # noqa: PLC0415

        verb = import_module(f".commands.{name}", __package__)
        parser.usage, parser.description, parser.epilog = verb.USAGE, verb.DESCRIPTION, verb.EXAMPLES
        verb.add_options(parser)

    return fill
