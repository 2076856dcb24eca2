"""`kubectl iamsa version`: the versions of iamsa, its libraries and the cluster."""

from __future__ import annotations

from ..argv.parser import SwitchAction
from ..flags.connection import add_connection_options
from ..flags.output import add_output_option, add_timeout_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

OUTPUTS = ("text", "json", "yaml")
USAGE = "kubectl iamsa version [options]"
DESCRIPTION = """\
Show the versions of iamsa, of Python and its libraries, and of the cluster's API
server. If the API server does not answer, the other versions are shown and the
exit code is 1, as with kubectl version."""
EXAMPLES = """\
  # Show all versions, for a bug report
  kubectl iamsa version

  # Do not connect to the cluster
  kubectl iamsa version --client -o json
"""


def add_options(parser: Parser) -> None:
    group = parser.add_argument_group("Options")
    group.add_argument("--client", action=SwitchAction, help="do not connect to the cluster")
    add_output_option(group, OUTPUTS)
    add_timeout_option(group, "10s")
    add_connection_options(parser)
