"""`kubectl iamsa diff`: what create would change."""

from __future__ import annotations

from ..flags.connection import add_connection_options
from ..flags.output import add_timeout_option, add_verbose_option
from ..flags.role import add_desired_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

TROUBLE = 3
USAGE = "kubectl iamsa diff NAME -p POLICY [-p POLICY ...] [options]"
DESCRIPTION = """\
Compare what is there with what `create` with the same options would make of it.

Writes nothing, and needs no right to. Exit codes: 0 nothing would change, 1
something would, 3 it could not be found out. KUBECTL_EXTERNAL_DIFF names another
program to show the difference with."""
EXAMPLES = """\
  kubectl iamsa diff my-sa -p AmazonS3ReadOnlyAccess -n web

  # With a program of your own
  KUBECTL_EXTERNAL_DIFF="diff -N -u" kubectl iamsa diff my-sa -p ./reader.json -n web
"""


def add_options(parser: Parser) -> None:
    add_desired_options(parser)
    group = parser.add_argument_group("Limits and output")
    add_timeout_option(group)
    add_verbose_option(group)
    add_connection_options(parser)
    parser.set_defaults(failure_code=TROUBLE)
