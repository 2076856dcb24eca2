# SPDX-License-Identifier: GPL-3.0-or-later

"""Check a statement of a permissions policy against AWS's grammar.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..errors import excerpt, quoted
from .aws_managed import near
from .json_text import Place
from .resources import arn_fault

_ELEMENTS = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
_PRINCIPALS = ("Principal", "NotPrincipal")

_SID = re.compile(r"[A-Za-z0-9]*")
_ACTION = re.compile(r"\*|(?:\*|[A-Za-z0-9.-]+):[A-Za-z0-9_.*?-]+")
_ACTION_RULE = '"*" or service:Action, such as "s3:GetObject" or "s3:Get*"'
# Each service defines the parts after its name, which may contain wildcards, variables and spaces.
_RESOURCE = re.compile(r"\*|arn:(?:\*|aws(?:-[a-z0-9]+)*):[A-Za-z0-9*?-]+:[^\x00-\x1f\x7f]+")
_RESOURCE_RULE = '"*" or an ARN, such as "arn:aws:s3:::bucket/*"'

OPERATORS = (
    *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    *("StringLike", "StringNotLike"),
    *("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals"),
    *("NumericGreaterThan", "NumericGreaterThanEquals"),
    *("DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals"),
    *("DateGreaterThan", "DateGreaterThanEquals"),
    *("Bool", "BinaryEquals", "IpAddress", "NotIpAddress"),
    *("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"),
)
_OPERATOR_NAMES = frozenset((*OPERATORS, *(f"{name}IfExists" for name in OPERATORS), "Null"))
# A date or time of ISO 8601, or seconds since 1970.
_DATE = re.compile(
    r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
    r"|[0-9]{8}T[0-9]{6}(?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?|-?[0-9]+(?:\.[0-9]+)?"
)
_QUANTIFIER = re.compile(r"(?:ForAnyValue|ForAllValues):")


def check_statement(statement: Any, place: Place) -> None:
    """Raise InvalidFile if the statement at this place does not follow the grammar."""
    if not isinstance(statement, dict):
        raise place.refusal(f"is {shape(statement)}", "write an object with Effect, Action and Resource")
    _check_elements(statement, place)
    _check_sid(statement, place)
    _check_effect(statement, place)
    _check_list(statement, "Action", _ACTION, _ACTION_RULE, place)
    _check_list(statement, "Resource", _RESOURCE, _RESOURCE_RULE, place)
    _check_condition(statement.get("Condition", {}), place)


def shape(value: Any) -> str:
    """The JSON type of the value with its article: `an object`, `a list`, `null`."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def _check_elements(statement: Mapping[str, Any], place: Place) -> None:
    for key in statement:
        if key in _PRINCIPALS:
            raise place.refusal(
                f"has a {key}, which is allowed only in trust and resource policies",
                "remove it: the permissions apply to the role",
            )
        if key not in _ELEMENTS:
            close = near(key, _ELEMENTS)
            remedy = f"write {close[0]}" if close else f"remove it: the valid keys are {', '.join(_ELEMENTS)}"
            raise place.refusal(f"has the unknown key {quoted(excerpt(key))}", remedy)


def _check_sid(statement: Mapping[str, Any], place: Place) -> None:
    sid = statement.get("Sid", "")
    if not isinstance(sid, str):
        raise place.refusal(f"has {shape(sid)} as Sid", "write letters and digits in quotes, or remove it")
    if not _SID.fullmatch(sid):
        raise place.refusal(
            f"has the invalid Sid {quoted(excerpt(sid))}", "use only the characters A-Z a-z 0-9"
        )


def _check_effect(statement: Mapping[str, Any], place: Place) -> None:
    if "Effect" not in statement:
        raise place.refusal("has no Effect", "write Allow or Deny")
    effect = statement["Effect"]
    if effect in ("Allow", "Deny"):
        return
    if not isinstance(effect, str):
        raise place.refusal(f"has {shape(effect)} as Effect", "write Allow or Deny")
    meant = {"allow": "Allow", "deny": "Deny"}.get(effect.strip().lower())
    remedy = f"write {meant} (case-sensitive)" if meant else "write Allow or Deny"
    raise place.refusal(f"has the invalid Effect {quoted(excerpt(effect))}", remedy)


def _check_list(
    statement: Mapping[str, Any], name: str, rule: re.Pattern[str], words: str, place: Place
) -> None:
    present = [key for key in (name, f"Not{name}") if key in statement]
    if len(present) == 2:
        raise place.refusal(f"has both {name} and Not{name}", "keep one of the two")
    if not present:
        raise place.refusal(f"has neither {name} nor Not{name}", f"add {name}: {words}")
    key = present[0]
    values = statement[key] if isinstance(statement[key], list) else [statement[key]]
    if not values:
        raise place.refusal(f"has an empty list as {key}", f"write {words}")
    for value in values:
        if not isinstance(value, str):
            raise place.refusal(f"has {shape(value)} in {key}", f"write strings: {words}")
        if not rule.fullmatch(value):
            raise place.refusal(f"has the invalid {key} {quoted(excerpt(value))}", f"write {words}")
        fault = arn_fault(value) if name == "Resource" else None
        if fault:
            problem, remedy = fault
            raise place.refusal(f"has the invalid {key} {quoted(excerpt(value))}, which {problem}", remedy)


def _check_condition(condition: Any, place: Place) -> None:
    if not isinstance(condition, dict):
        raise place.refusal(
            f"has {shape(condition)} as Condition", 'write an object such as {"StringEquals": {key: value}}'
        )
    for operator, tests in condition.items():
        _check_operator(operator, place)
        if not isinstance(tests, dict):
            raise place.refusal(
                f"has {shape(tests)} under the condition operator {operator}",
                "write an object of keys and values",
            )
        for key, values in tests.items():
            _check_values(operator, key, values, place)


def _check_operator(operator: str, place: Place) -> None:
    quantifier = _QUANTIFIER.match(operator)
    name = operator[quantifier.end() :] if quantifier else operator
    if name in _OPERATOR_NAMES:
        return
    bare = name.rpartition(":")[2]
    close = near(bare, sorted(_OPERATOR_NAMES))
    remedy = f"write {close[0]}" if close else "write one such as StringEquals, StringLike, ArnLike or Bool"
    raise place.refusal(f"has the unknown condition operator {quoted(excerpt(operator))}", remedy)


def _check_values(operator: str, key: str, values: Any, place: Place) -> None:
    if not key:
        raise place.refusal(f"has an empty condition key under {operator}", "write one such as aws:SourceIp")
    for value in values if isinstance(values, list) else [values]:
        if not isinstance(value, (str, int, float)):
            raise place.refusal(
                f"has {shape(value)} as a value of the condition key {quoted(excerpt(key))}",
                "write a string, a number or a boolean, or a list of them",
            )
        if _compares_dates(operator) and not _is_date(value):
            raise place.refusal(
                f"has the invalid date {quoted(excerpt(str(value)))} under {operator}",
                "write a date such as 2030-01-31T12:00:00Z, or seconds since 1970",
            )


def _compares_dates(operator: str) -> bool:
    return operator.rpartition(":")[2].startswith("Date")


def _is_date(value: Any) -> bool:
    return not isinstance(value, bool) and _DATE.fullmatch(str(value)) is not None
