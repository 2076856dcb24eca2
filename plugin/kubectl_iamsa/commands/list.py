"""`kubectl iamsa list`: which ServiceAccounts have a role, or which policies one of them has."""

from __future__ import annotations

from ..argv.parser import SwitchAction, UsageError
from ..flags.connection import add_connection_options
from ..flags.output import add_reading_options
from ..flags.role import add_role_name_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from ..argv.parser import Parser

OUTPUTS = ("text", "wide", "name", "json", "yaml")
USAGE = "kubectl iamsa list [NAME] [options]"
DESCRIPTION = """\
List the ServiceAccounts that have an IAM role, with its policies and its state.
With a NAME, list the policies of that one's role, managed, then inline.

States: ok; role missing; trust does not allow it; foreign, of another account or
not made by iamsa; no role; being deleted, by a delete that was broken off;
by Pod Identity: pods get the role of an association in EKS, not this one."""
EXAMPLES = """\
  # The roles of a namespace, and of the whole cluster
  kubectl iamsa list -n web
  kubectl iamsa list -A -o wide

  # The names of the policies of one role, one a line
  kubectl iamsa list my-sa -n web -o name
"""


def add_options(parser: Parser) -> None:
    parser.add_argument_group("Arguments").add_argument(
        "name", nargs="?", metavar="NAME", help="the ServiceAccount whose role's policies are listed"
    )
    group = parser.add_argument_group("What is listed")
    group.add_argument(
        "-A", "--all-namespaces", action=SwitchAction, help="the ServiceAccounts of all namespaces"
    )
    add_role_name_options(group)
    add_reading_options(parser, OUTPUTS, headers=True)
    add_connection_options(parser)
    parser.set_defaults(check=refuse_contradictions)


def refuse_contradictions(args: argparse.Namespace) -> None:
    """Raise UsageError for what only makes sense with a NAME, or only without one."""
    see_help = "see kubectl iamsa list --help"
    if args.name is None and args.role_name:
        raise UsageError("--role-name needs a NAME", see_help)
    if args.name is not None and args.all_namespaces:
        raise UsageError("-A goes without a NAME", f"give -n NAMESPACE instead, or {see_help}")
    if args.name is not None and args.output == "wide":
        raise UsageError("-o wide goes without a NAME", see_help)
