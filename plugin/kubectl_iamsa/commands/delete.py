"""`kubectl iamsa delete`: delete a ServiceAccount's role."""

from __future__ import annotations

from ..argv.parser import SwitchAction
from ..flags.connection import add_connection_options
from ..flags.manifest import add_manifest_group, check_name_or_manifests
from ..flags.output import add_output_options
from ..flags.role import add_field_manager_option, add_name_argument, add_role_name_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

USAGE = "kubectl iamsa delete (NAME | -f FILE | -k DIR) [options]"
DESCRIPTION = """\
Delete the IAM role of a Kubernetes ServiceAccount. Deletes the ServiceAccount too
if iamsa created it; otherwise removes only iamsa's annotations from it.

Deletes only what iamsa created: if the role has policies, trust statements or
instance profiles that iamsa did not add, delete refuses to change anything.
On a terminal, asks for confirmation.

With -f or -k, deletes the roles of all ServiceAccounts in manifests."""
EXAMPLES = """\
  # Preview what would be deleted
  kubectl iamsa delete my-sa -n web --dry-run

  # Preview what would be deleted of the ServiceAccounts in manifests
  kubectl iamsa delete -f roles/ --dry-run --ignore-not-found

  # Delete without confirmation, and succeed if there is nothing to delete
  kubectl iamsa delete my-sa -n web --yes --ignore-not-found
"""


def add_options(parser: Parser) -> None:
    add_name_argument(parser, optional=True)
    options = parser.add_argument_group("Options")
    add_role_name_options(options)
    for flag, words in (
        ("--keep-service-account", "keep the ServiceAccount and remove only iamsa's annotations"),
        ("--keep-role", "keep the role and its policies, and only disconnect the ServiceAccount from it"),
        ("--ignore-not-found", "succeed if there is nothing to delete"),
    ):
        options.add_argument(flag, action=SwitchAction, help=words)
    options.add_argument("-y", "--yes", action=SwitchAction, help="do not ask for confirmation")
    add_field_manager_option(options)
    add_manifest_group(parser)
    overrides = parser.add_argument_group("Overrides")
    for flag, words in (
        ("--adopt", "also delete a role that was adopted with --adopt"),
        ("--rebind", "also delete a role left by a deleted cluster with the same name"),
        ("--force-conflicts", "also remove annotations of other field managers"),
        ("--purge", "also remove policies that iamsa did not add"),
    ):
        overrides.add_argument(flag, action=SwitchAction, help=words)
    add_output_options(parser, many=True)
    add_connection_options(parser)
    parser.set_defaults(check=check_name_or_manifests)
