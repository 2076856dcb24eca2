"""`kubectl iamsa help [VERB]`: as the verb's --help."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

USAGE = "kubectl iamsa help [VERB]"
DESCRIPTION = "Show what iamsa can do, or what a verb does and takes."
EXAMPLES = """\
  # What create does and takes
  kubectl iamsa help create
"""


def add_options(parser: Parser) -> None:
    parser.add_argument_group("Arguments").add_argument(
        "topic", nargs="?", metavar="VERB", help="the verb that is asked about"
    )
