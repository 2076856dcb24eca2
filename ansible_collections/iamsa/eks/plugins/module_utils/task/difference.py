# SPDX-License-Identifier: GPL-3.0-or-later

"""The `diff` of a module's result."""

from __future__ import annotations

from typing import Any

from ..plan.snapshot import Snapshot


def difference(before: Snapshot, after: Snapshot) -> list[dict[str, Any]]:
    """Return the resources that differ, in the form that Ansible's `--diff` shows."""
    return [
        {
            "before_header": title,
            "after_header": title,
            "before": _shown(before.get(title)),
            "after": _shown(after.get(title)),
        }
        for title in {**before, **after}
        if before.get(title) != after.get(title)
    ]


def _shown(document: Any) -> Any:
    return "" if document is None else document
