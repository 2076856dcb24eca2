# SPDX-License-Identifier: GPL-3.0-or-later

"""The conditions of our own trust statement that iamsa did not set: tell them apart, keep them, move them.

Everything but a StringEquals test of `<issuer>:aud` or `<issuer>:sub` is such a further condition: a test of
another key (aws:SourceIp, aws:SourceVpc, another claim), and a test of aud or sub by another operator. All
conditions of a statement must hold, so each of them narrows whom the role trusts, whatever its operator;
removing one would widen it.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..identity.cluster import host_and_path
from ..policy.equality import Document

Conditions = Mapping[str, Mapping[str, Any]]
"""Operator to condition key to values, as a statement's Condition holds them."""

_PLAIN = "stringequals"


def is_well_formed(condition: Any) -> bool:
    return isinstance(condition, Mapping) and all(isinstance(tests, Mapping) for tests in condition.values())


def further_conditions(statement: Document, issuer: str) -> dict[str, dict[str, Any]]:
    """The further conditions of a well-formed statement of ours, as they are written there."""
    own = {f"{host_and_path(issuer)}:{claim}".lower() for claim in ("aud", "sub")}
    found: dict[str, dict[str, Any]] = {}
    for operator, tests in (statement.get("Condition") or {}).items():
        for key, values in tests.items():
            if operator.lower() != _PLAIN or key.lower() not in own:
                found.setdefault(operator, {})[key] = values
    return found


def joined(own: Conditions, further: Conditions) -> dict[str, dict[str, Any]]:
    """Both together. Tests share an operator's object where no key is lost by it: operators and keys know no
    case, so `stringequals` may hold a key that `StringEquals` holds as well, and then both stay."""
    result = {operator: dict(tests) for operator, tests in own.items()}
    for operator, tests in sorted(further.items(), key=lambda item: item[0] not in result):
        for key, values in tests.items():
            alike = (name for name in result if name.lower() == operator.lower() and key not in result[name])
            result.setdefault(next(alike, operator), {})[key] = values
    return result


def moved(conditions: Conditions, before: str, after: str) -> dict[str, dict[str, Any]]:
    """The conditions on claims of the issuer `before` as conditions on the same claims of `after`."""
    old, new = host_and_path(before).lower(), host_and_path(after)

    def renamed(key: str) -> str:
        issuer, colon, claim = key.rpartition(":")
        return f"{new}{colon}{claim}" if issuer.lower() == old else key

    return {
        operator: {renamed(key): values for key, values in tests.items()}
        for operator, tests in conditions.items()
    }
