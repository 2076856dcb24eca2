"""`kubectl iamsa list`: the ServiceAccounts that have a role, or the policies of one role."""

from __future__ import annotations

from ..argv.parser import SwitchAction, UsageError
from ..flags.connection import add_connection_options
from ..flags.output import add_reading_options
from ..flags.role import add_name_argument, add_role_name_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from ..argv.parser import Parser

OUTPUTS = ("text", "wide", "name", "json", "yaml")
USAGE = "kubectl iamsa list [NAME] [options]"
DESCRIPTION = """\
List the ServiceAccounts that have an IAM role, with the role's policies and
status. With NAME, list the policies of that ServiceAccount's role.

The status is one of: Ready; RoleMissing: the role does not exist; NotTrusted:
the trust policy does not allow the ServiceAccount; Unmanaged: the role is not
managed by iamsa, or is in another AWS account; NoRole: the annotation is missing;
Deleting: a delete was interrupted; PodIdentity: pods get the role of a Pod
Identity association instead; InvalidARN: the annotation is not the ARN of a role;
PodsRejected: pods cannot be created."""
EXAMPLES = """\
  # List the roles of a namespace, and of the whole cluster
  kubectl iamsa list -n web
  kubectl iamsa list -A -o wide

  # Print the names of one role's policies, one per line
  kubectl iamsa list my-sa -n web -o name
"""


def add_options(parser: Parser) -> None:
    add_name_argument(parser, optional=True)
    group = parser.add_argument_group("Options")
    group.add_argument(
        "-A", "--all-namespaces", action=SwitchAction, help="list the ServiceAccounts of all namespaces"
    )
    add_role_name_options(group)
    add_reading_options(parser, OUTPUTS, headers=True)
    add_connection_options(parser)
    parser.set_defaults(check=refuse_contradictions)


def refuse_contradictions(args: argparse.Namespace) -> None:
    """Raise UsageError for options that need a NAME, or that cannot be combined with one."""
    see_help = 'see "kubectl iamsa list --help"'
    if args.name is None and args.role_name:
        raise UsageError("--role-name requires a NAME", see_help)
    if args.name is not None and args.all_namespaces:
        raise UsageError("-A cannot be combined with a NAME", "use -n NAMESPACE instead")
    if args.name is not None and args.output == "wide":
        raise UsageError("-o wide cannot be combined with a NAME", see_help)
