"""`kubectl iamsa help [COMMAND]`: the same as COMMAND --help."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

USAGE = "kubectl iamsa help [COMMAND]"
DESCRIPTION = "Show help for iamsa or for a command."
EXAMPLES = """\
  # Show help for create
  kubectl iamsa help create
"""


def add_options(parser: Parser) -> None:
    parser.add_argument_group("Arguments").add_argument(
        "topic", nargs="?", metavar="COMMAND", help="name of the command"
    )
