"""`kubectl iamsa diff`: what create would change."""

from __future__ import annotations

from ..flags.connection import add_connection_options
from ..flags.output import add_color_option, add_timeout_option, add_verbose_option
from ..flags.role import add_desired_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

TROUBLE = 3
USAGE = "kubectl iamsa diff NAME -p POLICY [-p POLICY ...] [options]"
DESCRIPTION = """\
Show what `create` with the same options would change, as a unified diff.

Writes nothing, and needs only permission to read. KUBECTL_EXTERNAL_DIFF names
another program to show the difference with.

Exit codes: 0 no changes, 1 changes, 3 the changes could not be determined."""
EXAMPLES = """\
  # Show what create would change
  kubectl iamsa diff my-sa -p AmazonS3ReadOnlyAccess -n web

  # Use another program to show the difference
  KUBECTL_EXTERNAL_DIFF="diff -N -u" kubectl iamsa diff my-sa -p ./reader.json -n web
"""


def add_options(parser: Parser) -> None:
    add_desired_options(parser)
    group = parser.add_argument_group("Output")
    add_color_option(group)
    add_timeout_option(group)
    add_verbose_option(group)
    add_connection_options(parser)
    parser.set_defaults(failure_code=TROUBLE)
