"""`kubectl iamsa version`: iamsa, what it stands on, and the cluster."""

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
Show the versions of iamsa, of Python and the libraries that it runs on, and of the
cluster's API server. Where that does not answer, all else is shown and the exit
code is 1, as of kubectl version."""
EXAMPLES = """\
  # For a bug report
  kubectl iamsa version

  # Without asking the cluster
  kubectl iamsa version --client -o json
"""


def add_options(parser: Parser) -> None:
    group = parser.add_argument_group("What is shown")
    group.add_argument("--client", action=SwitchAction, help="leave the cluster out")
    add_output_option(group, OUTPUTS)
    add_timeout_option(group, "10s")
    add_connection_options(parser)
