# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts values of a task to strings."""

from __future__ import annotations

from typing import Any


def scalar(value: Any) -> str:
    """Return the value as YAML spells it: `yes` and `true` arrive as a bool, an empty value as None."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
