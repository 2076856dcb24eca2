"""What tests of verify have in common."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from e2e.shop import Json

Verify = Callable[..., Any]
ASSUME = "sts:AssumeRoleWithWebIdentity"
THEIRS = "arn:aws:iam::999999999999:role/theirs"


def document(verify: Verify, code: int = 0) -> Json:
    found: Json = json.loads(verify("-o", "json", code=code).stdout)
    return found


def verification(verify: Verify, code: int = 0) -> Json:
    """What its document says of the proof."""
    found: Json = document(verify, code)["status"]["verification"]
    return found
