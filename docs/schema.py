"""Generates docs/reference/service-account-role.schema.json from the core's schema: `python docs/schema.py`."""

from __future__ import annotations

import json
from pathlib import Path

from ansible_collections.iamsa.eks.plugins.module_utils.schema.document import SCHEMA

FILE = Path(__file__).parent / "reference/service-account-role.schema.json"


def schema_text() -> str:
    return json.dumps(SCHEMA, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema_text())
