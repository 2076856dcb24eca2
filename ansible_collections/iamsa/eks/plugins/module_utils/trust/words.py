# SPDX-License-Identifier: GPL-3.0-or-later

"""Describe trust statements in messages, completely and without changing their meaning."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..identity.arn import Arn
from ..identity.keys import DEFAULT_AUDIENCE
from ..policy.equality import Document
from .conditions import Conditions
from .statement_parts import condition_tests, texts

_SUBJECT = "system:serviceaccount:"
_PROVIDER = "provider "


def in_words(statement: Document) -> str:
    """The statement on one line: `Allow ACTIONS to PRINCIPALS as SUBJECTS if CONDITIONS`."""
    if not isinstance(statement, Mapping):
        shown = json.dumps(statement, ensure_ascii=False, default=str)
        return _printable(f"{shown}, which is not a statement")
    words = (
        f"{statement.get('Effect', '?')} {actions_in_words(statement)} to {principals_in_words(statement)}"
    )
    return _printable(f"{words}{_whose(statement)}{_when(statement)}")


def actions_in_words(statement: Document) -> str:
    """The actions that a statement covers; NotAction covers every action except those that it names."""
    if "NotAction" in statement:
        return f"every action except {_joined(statement['NotAction'])}"
    return _joined(statement.get("Action"))


def principals_in_words(statement: Document) -> str:
    """The principals that a statement covers; NotPrincipal covers everyone except those that it names."""
    if "NotPrincipal" in statement:
        return f"everyone except {', '.join(_principals(statement['NotPrincipal'])) or '?'}"
    return ", ".join(_principals(statement.get("Principal"))) or "?"


def conditions_in_words(conditions: Conditions) -> str:
    """`aws:SourceIp IpAddress 10.0.0.0/8 and …`, in the order of the document."""
    tests = (
        f"{key} {operator} {', '.join(values) or '(nothing)'}"
        for operator, key, values in condition_tests(conditions)
    )
    return _printable(" and ".join(tests))


def _principals(principal: Any) -> list[str]:
    values = principal.values() if isinstance(principal, Mapping) else [principal]
    return [_called(who) for value in values for who in texts(value)]


def _called(principal: str) -> str:
    arn = Arn.parse(principal)
    if arn and arn.kind == "oidc-provider":
        return f"{_PROVIDER}{principal.partition('oidc-provider/')[2]}"
    return principal


def _whose(statement: Document) -> str:
    """The ServiceAccounts that a statement covers: any, if a provider's statement names none."""
    tests = []
    for operator, key, values in condition_tests(statement.get("Condition")):
        if _claim(key, statement) == "sub":
            subjects = ", ".join(_subject(value) for value in sorted(set(values)))
            tests.append(subjects if operator.lower() == "stringequals" else f"{operator} {subjects}")
    if tests:
        return f" as {' and '.join(tests)}"
    named = _principals(statement.get("Principal"))
    return " as any ServiceAccount" if any(who.startswith(_PROVIDER) for who in named) else ""


def _subject(value: str) -> str:
    """`namespace/name` of a ServiceAccount; any other subject unchanged."""
    if not value.startswith(_SUBJECT):
        return value
    return value.removeprefix(_SUBJECT).replace(":", "/")


def _when(statement: Document) -> str:
    """The conditions, except those on the subject and on the default audience."""
    shown: dict[str, dict[str, list[str]]] = {}
    for operator, key, values in condition_tests(statement.get("Condition")):
        claim = _claim(key, statement)
        is_usual = (operator.lower(), claim, values) == ("stringequals", "aud", [DEFAULT_AUDIENCE])
        if claim != "sub" and not is_usual:
            shown.setdefault(operator, {})[key] = values
    return f" if {conditions_in_words(shown)}" if shown else ""


def _claim(key: str, statement: Document) -> str:
    """The claim in a condition key; "" if its issuer is not a provider that the statement names."""
    named = _principals(statement.get("Principal"))
    providers = [who.removeprefix(_PROVIDER).lower() for who in named if who.startswith(_PROVIDER)]
    issuer, _colon, claim = key.rpartition(":")
    return claim.lower() if not providers or issuer.lower() in providers else ""


def _joined(value: Any) -> str:
    return ", ".join(texts(value)) or "?"


def _printable(words: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in words)
