"""`kubectl iamsa diff`: what create would change."""

from __future__ import annotations

from ..flags.connection import add_connection_options
from ..flags.manifest import add_manifest_group, check_name_or_manifests
from ..flags.output import add_color_option, add_manifest_timeout_option, add_verbose_option
from ..flags.role import add_desired_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from ..argv.parser import Parser

TROUBLE = 3
USAGE = "kubectl iamsa diff (NAME -p POLICY [-p POLICY ...] | -f FILE | -k DIR) [options]"
DESCRIPTION = """\
Show what `create` with the same options would change, as a unified diff. With -f
or -k, show what `apply` would change.

Writes nothing, and needs only permission to read. KUBECTL_EXTERNAL_DIFF names
another program to show the difference with.

Exit codes: 0 no changes, 1 changes, 3 the changes could not be determined."""
EXAMPLES = """\
  # Show what create would change
  kubectl iamsa diff my-sa -p AmazonS3ReadOnlyAccess -n web

  # Show what apply would change
  kubectl iamsa diff -f roles/

  # Use another program to show the difference
  KUBECTL_EXTERNAL_DIFF="diff -N -u" kubectl iamsa diff my-sa -p ./reader.json -n web
"""


def add_options(parser: Parser) -> None:
    add_desired_options(parser, optional=True)
    add_manifest_group(parser)
    group = parser.add_argument_group("Output")
    add_color_option(group)
    add_manifest_timeout_option(group)
    add_verbose_option(group)
    add_connection_options(parser)
    parser.set_defaults(failure_code=TROUBLE, check=refuse_contradictions)


def refuse_contradictions(args: argparse.Namespace) -> None:
    """Raise UsageError unless argv has a NAME and policies, or manifests."""
    check_name_or_manifests(args, "a NAME and at least one --policy")
