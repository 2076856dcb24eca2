# SPDX-License-Identifier: GPL-3.0-or-later

"""The `diff` of a module's result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..plan.snapshot import Snapshot

_CAPITAL = re.compile(r"(?<=[a-z])[A-Z]")


def difference(before: Snapshot, after: Snapshot) -> list[dict[str, Any]]:
    """Return the resources that differ, in the form that Ansible's `--diff` shows.

    Of a resource that exists before and after, only the fields that differ. Policy documents are complete.
    """
    return [
        _entry(title, before.get(title), after.get(title))
        for title in {**before, **after}
        if before.get(title) != after.get(title)
    ]


def _entry(title: str, before: Any, after: Any) -> dict[str, Any]:
    if isinstance(before, Mapping) and isinstance(after, Mapping) and "Statement" not in {**before, **after}:
        changed = {key for key in {**before, **after} if before.get(key) != after.get(key)}
        before = {key: value for key, value in before.items() if key in changed}
        after = {key: value for key, value in after.items() if key in changed}
    return {
        "before_header": title,
        "after_header": title,
        "before": _shown(before),
        "after": _shown(after),
    }


def _shown(document: Any) -> Any:
    """The document with the names of fields as the options of a module spell them."""
    if document is None:
        return ""
    if not isinstance(document, Mapping) or "Statement" in document:
        return document
    return {
        _CAPITAL.sub(lambda capital: "_" + capital.group().lower(), key): value
        for key, value in document.items()
    }
