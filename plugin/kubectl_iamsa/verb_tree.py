"""The verbs, and the parser of the whole command line; what a verb takes is loaded only where it is meant."""

from __future__ import annotations

from .argv.parser import Parser, SwitchAction
from .flags.connection import add_connection_options
from .gen3.words import SUMMARY as GEN3_SUMMARY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PROG = "kubectl iamsa"
DESCRIPTION = "AWS IAM roles for the ServiceAccounts of an EKS cluster."
GROUPS: dict[str, dict[str, str]] = {
    "Roles": {
        "create": "create or repair the IAM role of a ServiceAccount",
        "update": "add or remove policies and change settings of a role",
        "delete": "delete a role and the ServiceAccount that was made for it",
        "diff": "show what create would change",
    },
    "What is there": {
        "list": "list ServiceAccounts with their roles, or one's policies",
        "describe": "show a ServiceAccount's role, trust, policies and what is broken",
    },
    "Does it work": {
        "verify": "prove that pods of a ServiceAccount get their role",
        "doctor": "find out why pods do not get their role",
    },
    "About iamsa": {
        "completion": "set up what TAB completes",
        "help": "show this, or what a verb does and takes",
        "version": "show the versions of iamsa, its libraries and the cluster",
    },
}
SUMMARIES = {verb: summary for verbs in GROUPS.values() for verb, summary in verbs.items()}


class Overview(Parser):
    """Its help is put together here: argparse knows one group of verbs, and is slow to lay it out."""

    def format_help(self) -> str:
        wide = max(map(len, SUMMARIES))
        groups = [
            f"{title}:\n" + "\n".join(f"  {verb:{wide}}  {summary}" for verb, summary in verbs.items())
            for title, verbs in GROUPS.items()
        ]
        return (
            "\n\n".join(
                [
                    self.description or "",
                    *groups,
                    f"Usage:\n  {self.usage}",
                    f'Use "{self.prog} VERB --help" for what a verb does and takes.\n{GEN3_SUMMARY}',
                ]
            )
            + "\n"
        )


def build_parser() -> Parser:
    """The whole command line; pure, so that help, manual and completion are made from it too."""
    parser = Overview(prog=PROG, description=DESCRIPTION, usage=f"{PROG} VERB [options]")
    parser.add_argument("--version", action=SwitchAction, help="print the version")
    verbs = parser.add_subparsers(metavar="VERB", dest="verb", parser_class=Parser, prog=PROG)
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
