"""`kubectl iamsa describe`: the chain from a ServiceAccount to its permissions."""

from __future__ import annotations

from ..flags.connection import add_connection_options
from ..flags.output import add_reading_options
from ..flags.role import add_name_argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

OUTPUTS = ("text", "json", "yaml")
USAGE = "kubectl iamsa describe NAME [options]"
DESCRIPTION = """\
Show the chain from a ServiceAccount to its permissions: its annotations, its role
and who owns it, the trust policy, the policies, and the cluster's OIDC provider.

Marks what is broken, and shows the command that fixes it."""
EXAMPLES = """\
  # Show the whole chain
  kubectl iamsa describe my-sa -n web

  # Print only the problems, for a script
  kubectl iamsa describe my-sa -n web -o json | jq -r '.status.problems[].what'
"""


def add_options(parser: Parser) -> None:
    add_name_argument(parser)
    parser.add_argument_group("Options").add_argument(
        "--role-name", metavar="NAME", help="name of the role (default: from the annotation, else derived)"
    )
    add_reading_options(parser, OUTPUTS)
    add_connection_options(parser)
