"""`kubectl iamsa schema`: print the JSON Schema of manifests."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

USAGE = "kubectl iamsa schema"
DESCRIPTION = """\
Print the JSON Schema of manifests, and of all documents that iamsa prints.

Editors can check manifests with it. It connects to nothing."""
EXAMPLES = """\
  # Save the schema for an editor
  kubectl iamsa schema > service-account-role.schema.json
"""


def add_options(_parser: Parser) -> None:
    """The command has no options."""
