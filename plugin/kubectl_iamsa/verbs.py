"""The verbs, as the program's help shows them; what one takes and does is loaded only where it is meant."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from .argv.parser import Parser

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


def add_verbs(verbs: argparse._SubParsersAction[Parser]) -> None:
    """A parser for each, which fills itself when it is looked at."""
    for name, summary in SUMMARIES.items():
        verbs.add_parser(name, help=summary).defer(_filler(name))


def _filler(name: str) -> Callable[[Parser], None]:
    def fill(parser: Parser) -> None:
        from importlib import import_module  # noqa: PLC0415

        verb = import_module(f".commands.{name}", __package__)
        parser.usage, parser.description, parser.epilog = verb.USAGE, verb.DESCRIPTION, verb.EXAMPLES
        verb.add_options(parser)

    return fill
