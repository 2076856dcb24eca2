"""`kubectl iamsa create`: give a ServiceAccount an IAM role."""

from __future__ import annotations

from ..flags.connection import add_connection_options
from ..flags.output import add_output_options
from ..flags.role import add_desired_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

USAGE = "kubectl iamsa create NAME -p POLICY [-p POLICY ...] [options]"
DESCRIPTION = """\
Create or repair the IAM role of a Kubernetes ServiceAccount.

Creates a role with the policies, allows only this ServiceAccount to assume it,
and annotates the ServiceAccount, which is created if it does not exist. Run again,
create repairs drift and changes nothing else."""
EXAMPLES = """\
  # Create a role with an AWS managed policy for the ServiceAccount my-sa
  kubectl iamsa create my-sa -p AmazonS3ReadOnlyAccess -n web

  # Preview the steps and the documents without writing anything
  kubectl iamsa create my-sa -p AmazonS3ReadOnlyAccess -n web --dry-run --diff

  # Wait until pods can assume the role
  kubectl iamsa create my-sa -p AmazonS3ReadOnlyAccess -n web --wait

  # Use a policy from a file, and a permissions boundary
  kubectl iamsa create my-sa -p ./reader.json -n web \\
    --permissions-boundary arn:aws:iam::123456789012:policy/boundary
"""


def add_options(parser: Parser) -> None:
    add_desired_options(parser)
    add_output_options(parser, wait=True)
    add_connection_options(parser)
