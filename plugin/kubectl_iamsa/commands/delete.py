"""`kubectl iamsa delete`: take a ServiceAccount's role away again."""

from __future__ import annotations

from ..argv.parser import SwitchAction
from ..flags.connection import add_connection_options
from ..flags.output import add_output_options
from ..flags.role import add_field_manager_option, add_role_name_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

USAGE = "kubectl iamsa delete NAME [options]"
DESCRIPTION = """\
Delete the IAM role of a Kubernetes ServiceAccount, and the ServiceAccount too if
iamsa made it; from any other only iamsa's annotations are removed.

Deletes only what iamsa made: policies, trust statements and instance profiles of
others stop it before anything is changed. On a terminal it asks first."""
EXAMPLES = """\
  # See what would go
  kubectl iamsa delete my-sa -n web --dry-run

  # Without a question, and well also where it is gone already
  kubectl iamsa delete my-sa -n web --yes --ignore-not-found
"""


def add_options(parser: Parser) -> None:
    parser.add_argument_group("Arguments").add_argument("name", metavar="NAME", help="the ServiceAccount")
    group = parser.add_argument_group("What is deleted")
    add_role_name_options(group)
    for flag, words in (
        ("--keep-service-account", "keep the ServiceAccount; only iamsa's annotations are removed"),
        ("--keep-role", "keep the role and its policies; only the ServiceAccount loses it"),
        ("--ignore-not-found", "succeed also where there is nothing to delete"),
        ("--adopt", "delete also a role that was taken over with --adopt"),
        ("--purge", "remove also policies that iamsa did not put on the role"),
        ("--rebind", "delete also a role of an earlier cluster of the same name"),
        ("--force-conflicts", "remove also annotations that somebody else set"),
    ):
        group.add_argument(flag, action=SwitchAction, help=words)
    group.add_argument("-y", "--yes", action=SwitchAction, help="do not ask")
    add_field_manager_option(group)
    add_output_options(parser)
    add_connection_options(parser)
