# SPDX-License-Identifier: GPL-3.0-or-later

"""The further conditions of iamsa's trust statement: conditions that iamsa did not set and must keep.

Every test except StringEquals on `<issuer>:aud` or `<issuer>:sub` is a further condition: a test of another
key (aws:SourceIp, aws:SourceVpc, another claim), and a test of aud or sub with another operator. All
conditions of a statement must hold, so each of them restricts who can assume the role, and removing one would
widen access.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..identity.cluster import host_and_path
from ..policy.equality import Document

Conditions = Mapping[str, Mapping[str, Any]]
"""A statement's Condition: operator to condition key to values."""

_PLAIN = "stringequals"


def is_well_formed(condition: Any) -> bool:
    """Whether the value has the shape of Conditions."""
    return isinstance(condition, Mapping) and all(isinstance(tests, Mapping) for tests in condition.values())


def further_conditions(statement: Document, issuer: str) -> dict[str, dict[str, Any]]:
    """The further conditions of a well-formed statement that is iamsa's, spelled as in the statement."""
    own = {f"{host_and_path(issuer)}:{claim}".lower() for claim in ("aud", "sub")}
    found: dict[str, dict[str, Any]] = {}
    for operator, tests in (statement.get("Condition") or {}).items():
        for key, values in tests.items():
            if operator.lower() != _PLAIN or key.lower() not in own:
                found.setdefault(operator, {})[key] = values
    return found


def joined(own: Conditions, further: Conditions) -> dict[str, dict[str, Any]]:
    """All conditions of both. Tests with the same operator share an object unless that would lose a key.

    Operators and keys are case-insensitive, so `stringequals` may have a key that `StringEquals` also has;
    then both operators are kept.
    """
    result = {operator: dict(tests) for operator, tests in own.items()}
    for operator, tests in sorted(further.items(), key=lambda item: item[0] not in result):
        for key, values in tests.items():
            alike = (name for name in result if name.lower() == operator.lower() and key not in result[name])
            result.setdefault(next(alike, operator), {})[key] = values
    return result


def moved(conditions: Conditions, before: str, after: str) -> dict[str, dict[str, Any]]:
    """The conditions, with those on claims of the issuer `before` changed to claims of `after`."""
    old, new = host_and_path(before).lower(), host_and_path(after)

    def renamed(key: str) -> str:
        issuer, colon, claim = key.rpartition(":")
        return f"{new}{colon}{claim}" if issuer.lower() == old else key

    return {
        operator: {renamed(key): values for key, values in tests.items()}
        for operator, tests in conditions.items()
    }
