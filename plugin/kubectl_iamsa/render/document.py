"""Prints documents as JSON or YAML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..spelling import spelled
from ..terminal.console import Console


def print_document(document: Mapping[str, Any], console: Console, *, output: str) -> None:
    """Print the document in the format of `-o`: json or yaml."""
    text = json.dumps(document, indent=2, default=spelled)
    if output == "yaml":
        import yaml  # noqa: PLC0415

        # Parsed again so that no object occurs twice: YAML would write the second one as an alias.
        text = yaml.safe_dump(json.loads(text), sort_keys=False).rstrip()
    console.result(text)
