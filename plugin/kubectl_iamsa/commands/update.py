"""`kubectl iamsa update`: change just what is named of a role that is there."""

from __future__ import annotations

from ..flags.connection import add_connection_options
from ..flags.output import add_output_options
from ..flags.role import add_desired_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

USAGE = "kubectl iamsa update NAME [-p POLICY ...] [-a add|delete] [options]"
DESCRIPTION = """\
Change the IAM role of a Kubernetes ServiceAccount.

Adds or removes just the policies that are given, and changes just the settings
that are given: all else stays as it is. The role must exist. A policy that is
there already, or gone already, is no error."""
EXAMPLES = """\
  # Add a policy
  kubectl iamsa update my-sa -p AmazonSQSReadOnlyAccess -n web

  # Remove one of AWS's policies, and the inline policy that came from reader.json
  kubectl iamsa update my-sa -a delete -p AmazonSQSReadOnlyAccess -p ./reader.json -n web

  # Only settings: sessions of two hours, and a tag less
  kubectl iamsa update my-sa --max-session-duration 2h --remove-tag team -n web
"""


def add_options(parser: Parser) -> None:
    add_desired_options(parser, update=True)
    add_output_options(parser, wait=True)
    add_connection_options(parser)
