"""`kubectl iamsa apply`: give the ServiceAccounts of manifests their IAM roles."""

from __future__ import annotations

from ..argv.parser import SwitchAction
from ..flags.connection import add_connection_options
from ..flags.manifest import add_manifest_options, refuse_wrong_sources
from ..flags.output import add_output_options
from ..flags.role import add_default_options, add_override_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

USAGE = "kubectl iamsa apply (-f FILE | -k DIR) [options]"
DESCRIPTION = """\
Create or repair the IAM roles of all ServiceAccounts in manifests.

A manifest is YAML or JSON with documents of the kind ServiceAccountRole. `kubectl
iamsa schema` prints its JSON Schema, and -o yaml of other commands prints such
documents. The ServiceAccounts of eksctl's ClusterConfig are read too. Documents of
other kinds are skipped. All manifests are checked before anything is written.

Does for each ServiceAccount what create does, several at a time. If one fails, the
others are still processed. Apply deletes no role, and removes no policy without
purge."""
EXAMPLES = """\
  # Apply all manifests of a folder
  kubectl iamsa apply -f roles/

  # Preview the changes
  kubectl iamsa apply -f roles/ --dry-run --diff

  # Apply what another program prints, with a permissions boundary for all roles
  cat roles/*.yaml | kubectl iamsa apply -f - \\
    --permissions-boundary arn:aws:iam::123456789012:policy/boundary
"""


def add_options(parser: Parser) -> None:
    options = parser.add_argument_group("Options")
    add_manifest_options(options)
    defaults = parser.add_argument_group("Defaults for what a manifest does not set")
    add_default_options(defaults)
    overrides = add_override_options(parser, manifests=True)
    overrides.add_argument(
        "--remove-permissions-boundary",
        action=SwitchAction,
        help="remove the permissions boundary of roles whose manifest has permissionsBoundary: null",
    )
    add_output_options(parser, wait=True, many=True)
    add_connection_options(parser)
    parser.set_defaults(check=refuse_wrong_sources)
