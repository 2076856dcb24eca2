"""`kubectl iamsa describe`: all that lies between a ServiceAccount and what its pods may do."""

from __future__ import annotations

from ..flags.connection import add_connection_options
from ..flags.output import add_reading_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

OUTPUTS = ("text", "json", "yaml")
USAGE = "kubectl iamsa describe NAME [options]"
DESCRIPTION = """\
Show how a ServiceAccount comes to its permissions: its annotations, its role and
whose that is, who may assume it, its policies, and the cluster's OIDC provider.

What is broken is marked, with the command that mends it."""
EXAMPLES = """\
  # The whole chain
  kubectl iamsa describe my-sa -n web

  # What is broken, for a script
  kubectl iamsa describe my-sa -n web -o json | jq -r '.status.problems[].what'
"""


def add_options(parser: Parser) -> None:
    parser.add_argument_group("Arguments").add_argument("name", metavar="NAME", help="the ServiceAccount")
    parser.add_argument_group("Role").add_argument(
        "--role-name", metavar="NAME", help="name of the role (default: the annotation's, else derived)"
    )
    add_reading_options(parser, OUTPUTS)
    add_connection_options(parser)
