# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the parts of a policy statement: values, actions and conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..identity.keys import ACTION_WEB_IDENTITY


def texts(value: Any) -> list[str]:
    """The values of an element that is a single value, a list or None, as strings."""
    values = value if isinstance(value, (list, tuple)) else [] if value is None else [value]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in values]


def like(value: str, pattern: str) -> bool:
    """Whether the value matches an IAM pattern: `*` for any characters, `?` for one."""
    parts = (".*" if one == "*" else "." if one == "?" else re.escape(one) for one in pattern)
    return re.fullmatch("".join(parts), value, re.DOTALL) is not None


def condition_tests(condition: Any) -> Iterator[tuple[str, str, list[str]]]:
    """The operator, key and values of each test in a Condition."""
    for operator, keys in condition.items() if isinstance(condition, Mapping) else ():
        for key, values in keys.items() if isinstance(keys, Mapping) else ():
            yield operator, key, texts(values)


def names_web_identity(statement: Mapping[str, Any]) -> bool:
    """Whether a statement's actions include sts:AssumeRoleWithWebIdentity."""
    if "NotAction" in statement:
        return not _names_action(statement["NotAction"])
    return _names_action(statement.get("Action"))


def _names_action(actions: Any) -> bool:
    return any(like(ACTION_WEB_IDENTITY.lower(), one.lower()) for one in texts(actions))


def listed(value: Any) -> list[Any]:
    """The value as a list; a single value becomes a list of one."""
    return list(value) if isinstance(value, (list, tuple)) else [value]
