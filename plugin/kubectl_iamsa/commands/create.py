"""`kubectl iamsa create`: give a ServiceAccount its role."""

from __future__ import annotations

from ..flags.connection import add_connection_options
from ..flags.output import add_output_options
from ..flags.role import add_desired_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

USAGE = "kubectl iamsa create NAME -p POLICY [-p POLICY ...] [options]"
DESCRIPTION = """\
Give a Kubernetes ServiceAccount an IAM role of its own.

Creates the role with the policies, lets only this ServiceAccount assume it, and
annotates the ServiceAccount, which is created too if it is not there. Run again,
it repairs what has drifted and changes nothing else."""
EXAMPLES = """\
  # A role with one of AWS's policies for the ServiceAccount my-sa in namespace web
  kubectl iamsa create my-sa -p AmazonS3ReadOnlyAccess -n web

  # Look first: the steps and the documents, nothing written
  kubectl iamsa create my-sa -p AmazonS3ReadOnlyAccess -n web --dry-run --diff

  # Go on only once AWS lets pods assume it
  kubectl iamsa create my-sa -p AmazonS3ReadOnlyAccess -n web --wait

  # A policy of your own from a file, and a permissions boundary
  kubectl iamsa create my-sa -p ./reader.json -n web \\
    --permissions-boundary arn:aws:iam::123456789012:policy/boundary
"""


def add_options(parser: Parser) -> None:
    add_desired_options(parser)
    add_output_options(parser, wait=True)
    add_connection_options(parser)
