"""`kubectl iamsa options`: the options that all commands share, as `kubectl options` shows kubectl's."""

from __future__ import annotations

from ..flags.connection import add_connection_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

USAGE = "kubectl iamsa options"
DESCRIPTION = """\
Every command that connects to a cluster accepts these options, before or after
the name of the command. Those for the API server mean the same as in kubectl."""
EXAMPLES = """\
  # Show the options that all commands share
  kubectl iamsa options
"""


def add_options(parser: Parser) -> None:
    add_connection_options(parser)
    parser.show_shared_group()
