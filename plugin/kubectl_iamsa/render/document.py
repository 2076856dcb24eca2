"""How a document for machines is printed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..spelling import spelled
from ..terminal.console import Console


def print_document(document: Mapping[str, Any], console: Console, *, output: str) -> None:
    """As `-o json` or `-o yaml` asks for it."""
    text = json.dumps(document, indent=2, default=spelled)
    if output == "yaml":
        import yaml  # noqa: PLC0415

        # Read back, so that nothing occurs twice, which YAML would write as an alias.
        text = yaml.safe_dump(json.loads(text), sort_keys=False).rstrip()
    console.result(text)
