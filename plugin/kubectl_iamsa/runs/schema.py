"""`kubectl iamsa schema`: print the JSON Schema of manifests."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ansible_collections.iamsa.eks.plugins.module_utils.schema.document import SCHEMA

from ..render.document import print_document
from ..terminal.console import Console


def run(_args: argparse.Namespace, console: Console, _environ: Mapping[str, str]) -> None:
    """Run the command."""
    print_document(SCHEMA, console, output="json")
