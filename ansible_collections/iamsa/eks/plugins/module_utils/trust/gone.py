# SPDX-License-Identifier: GPL-3.0-or-later

"""Principals that IAM shows in a trust policy, but does not accept in a new one.

When a role or a user is deleted, IAM replaces its ARN by its unique ID.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ..policy.equality import Document

# The prefixes of the unique IDs of roles and users.
_UNIQUE_ID = re.compile(r"A(?:ROA|IDA)[A-Z0-9]{16,124}", re.ASCII)


def deleted_principals(statements: Iterable[Document]) -> tuple[str, ...]:
    """Return the unique IDs of deleted roles and users that the statements name."""
    return tuple(dict.fromkeys(one for statement in statements for one in _named(statement)))


def _named(statement: Document) -> Iterator[str]:
    for element in ("Principal", "NotPrincipal"):
        principal = statement.get(element) if isinstance(statement, Mapping) else None
        named = principal.get("AWS", []) if isinstance(principal, Mapping) else []
        for one in named if isinstance(named, list) else [named]:
            if isinstance(one, str) and _UNIQUE_ID.fullmatch(one):
                yield one
