"""Recognizes the command line of gen3 iam-serviceaccount, and builds its parser."""

from __future__ import annotations

from ..argv.parser import Parser, SwitchAction
from .words import ACTIONS, DESCRIPTION, JOBS, USAGE, VERB

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping, Sequence

_OWN = {*JOBS.values(), *(f"--{job}" for job in JOBS)}


def is_meant(argv: Sequence[str]) -> bool:
    """Return whether argv has one of the form's flags, and no verb before it."""
    flags: Mapping[str, argparse.Action] = {}
    words = list(reversed(argv))
    while words and words[-1].startswith("-") and words[-1] != "--":
        word = words.pop()
        if word.partition("=")[0] in _OWN or word[:2] in JOBS.values():
            return True
        # Imported here because it is not needed if a verb comes first.
        flags = flags or build_parser("").verbs()[VERB].flags()
        takes_value = word in flags and not isinstance(flags[word], SwitchAction)
        if takes_value and words and words[-1].partition("=")[0] not in flags:
            words.pop()
    return False


def build_parser(prog: str) -> Parser:
    """Return a parser with one hidden verb that has the form's flags."""
    from argparse import SUPPRESS  # noqa: PLC0415

    from ..flags.connection import add_connection_options  # noqa: PLC0415
    from ..flags.output import add_timeout_option  # noqa: PLC0415
    from ..flags.role import add_override_options  # noqa: PLC0415
    from .contradictions import asked_job  # noqa: PLC0415

    top = Parser(prog=prog)
    verbs = top.add_subparsers(dest="verb", parser_class=Parser)
    parser = verbs.add_parser(VERB, prog=f"{prog} -l NAME", usage=USAGE, description=DESCRIPTION)
    group = parser.add_argument_group("Options")
    for job, words in (
        ("create", "create a role with one policy for this ServiceAccount"),
        ("update", "add policies to the role of this ServiceAccount, or delete them"),
        ("list", "list the policies of this ServiceAccount's role"),
    ):
        group.add_argument(JOBS[job], f"--{job}", dest=job, metavar="NAME", help=words)
    group.add_argument(
        "-p", "--policy", action="append", default=[], metavar="POLICY", help="file, ARN or name of a policy"
    )
    group.add_argument(
        "-a", "--action", choices=tuple(ACTIONS), metavar="a|d", help="a: add the policy; d: delete it"
    )
    group.add_argument(
        "--role-name",
        metavar="NAME",
        help="name of the role (default: from the annotation, else CLUSTER-NAME-role)",
    )
    group.add_argument(
        "--namepace", dest="namespace", default=SUPPRESS, metavar="NAME", help="same as --namespace"
    )
    group.add_argument(
        "--create-namespace", action=SwitchAction, help="create the namespace if it does not exist"
    )
    add_timeout_option(group)
    add_override_options(parser, update=True)
    add_connection_options(parser)
    parser.set_defaults(check=asked_job)
    return top


def parsable(argv: Iterable[str]) -> list[str]:
    """Return argv for the parser of build_parser."""
    return [VERB, *argv]
