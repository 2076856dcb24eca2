# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether two policy documents, trust or permissions policies, are equivalent.

The comparison ignores whether a single value is in a list, the order and repetition of values and statements,
Sid and Id, the case of action names, condition operators and condition keys, whether a condition's value is a
string, and how an account is named as principal. Statements are compared one by one: a statement that is
split in two makes a different document.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html (case of keys)
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html (absent Version)
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html (accounts)
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Document = Mapping[str, Any]

_OLDEST_VERSION = "2008-10-17"
_ACCOUNT_ROOT = re.compile(r"arn:aws[a-z0-9-]*:iam::(\d{12}):root", re.ASCII)
_IGNORED = ("Sid", "Id")


def same_meaning(a: Document, b: Document) -> bool:
    """Whether the documents are equivalent."""
    return bool(canonical(a) == canonical(b))


def canonical(document: Document) -> dict[str, Any]:
    """The normal form that all equivalent documents share: plain JSON values, every list sorted."""
    rest = {key: value for key, value in document.items() if key not in _IGNORED}
    return {
        **rest,
        "Version": document.get("Version", _OLDEST_VERSION),
        "Statement": _each(document.get("Statement", []), _statement),
    }


def _statement(statement: Any) -> Any:
    if not isinstance(statement, Mapping):
        return statement
    elements = {key: _element(key, value) for key, value in statement.items() if key not in _IGNORED}
    return {key: value for key, value in elements.items() if not (key == "Condition" and value == [])}


def _element(key: str, value: Any) -> Any:
    if key in ("Action", "NotAction"):
        return _each(value, _lower)
    if key in ("Resource", "NotResource"):
        return _each(value, _same)
    if key in ("Principal", "NotPrincipal"):
        return _principal(value)
    if key == "Condition":
        return _condition(value)
    return value


def _principal(principal: Any) -> Any:
    if principal == "*":
        return {"AWS": ["*"]}
    if not isinstance(principal, Mapping):
        return principal
    return {kind: _each(who, _account if kind == "AWS" else _same) for kind, who in principal.items()}


def _account(principal: Any) -> Any:
    """An account's root ARN as its account ID, which is equivalent."""
    match = _ACCOUNT_ROOT.fullmatch(principal) if isinstance(principal, str) else None
    return match.group(1) if match else principal


def _condition(condition: Any) -> Any:
    """The tests of a condition as a list of [operator, key, values].

    A flat list, because two keys that differ only in case are two tests, not one with more values.
    """
    if not isinstance(condition, Mapping) or not all(
        isinstance(tests, Mapping) for tests in condition.values()
    ):
        return condition
    tests = [
        [operator.lower(), key.lower(), _each(values, _text)]
        for operator, by_key in condition.items()
        for key, values in by_key.items()
    ]
    return _set(tests)


def _each(values: Any, normal: Callable[[Any], Any]) -> list[Any]:
    """The values as a sorted list without duplicates; a single value becomes a list of one."""
    listed = values if isinstance(values, (list, tuple)) else [values]
    return _set(normal(value) for value in listed)


def _set(values: Iterable[Any]) -> list[Any]:
    by_text = {json.dumps(value, sort_keys=True, default=str): value for value in values}
    return [by_text[text] for text in sorted(by_text)]


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _text(value: Any) -> Any:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)


def _same(value: Any) -> Any:
    return value
