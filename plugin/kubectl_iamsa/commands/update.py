"""`kubectl iamsa update`: change only the given parts of an existing role."""

from __future__ import annotations

from ..flags.connection import add_connection_options
from ..flags.output import add_output_options
from ..flags.role import add_desired_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

USAGE = "kubectl iamsa update NAME [-p POLICY ...] [-a add|delete] [options]"
DESCRIPTION = """\
Change policies and settings of a Kubernetes ServiceAccount's IAM role.

Adds or removes only the given policies, and changes only the given settings.
The role must exist. It is not an error to add a policy that the role already has,
or to remove one that it does not have."""
EXAMPLES = """\
  # Add a policy
  kubectl iamsa update my-sa -p AmazonSQSReadOnlyAccess -n web

  # Remove an AWS managed policy, and the inline policy from reader.json
  kubectl iamsa update my-sa -a delete -p AmazonSQSReadOnlyAccess -p ./reader.json -n web

  # Change only settings: set the session duration and remove a tag
  kubectl iamsa update my-sa --max-session-duration 2h --remove-tag team -n web
"""


def add_options(parser: Parser) -> None:
    add_desired_options(parser, update=True)
    add_output_options(parser, wait=True)
    add_connection_options(parser)
