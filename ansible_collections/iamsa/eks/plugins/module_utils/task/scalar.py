# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of a task as the core takes them."""

from __future__ import annotations

from typing import Any


def scalar(value: Any) -> str:
    """As YAML spells it: `yes` and `true` arrive as a bool, nothing as None."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
