"""Policy conditions on strings, ARNs and booleans (IAM User Guide: "IAM JSON policy elements: Condition
operators")."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Context = Mapping[str, Sequence[str]]
"""The request's condition keys, lower case, each with its values; a key that is not there is absent."""

OPERATORS = frozenset(
    (
        *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
        *("StringLike", "StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan"),
        *("NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals"),
        *("DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"),
        *("Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnNotEquals", "ArnLike"),
        *("ArnNotLike", "Null"),
    )
)


def parse(operator: str) -> tuple[str, str, bool]:
    """(set prefix or "", operator, IfExists); raises ValueError for an operator that IAM has not."""
    prefix, colon, base = operator.rpartition(":")
    if_exists = base.endswith("IfExists")
    base = base.removesuffix("IfExists")
    if base not in OPERATORS or (base == "Null" and if_exists):
        raise ValueError(operator)
    if colon and prefix not in ("ForAllValues", "ForAnyValue"):
        raise ValueError(operator)
    return prefix, base, if_exists


def holds(conditions: Mapping[str, Mapping[str, Any]], context: Context) -> str | None:
    """None when all conditions hold, else which one does not."""
    for operator, keys in conditions.items():
        for key, values in keys.items():
            if not one_holds(operator, key, strings(values), context):
                return f"{operator} {key}"
    return None


def one_holds(operator: str, key: str, wanted: Sequence[str], context: Context) -> bool:
    """Whether one operator holds for one key."""
    prefix, base, if_exists = parse(operator)
    given = context.get(key.lower())
    negated = "Not" in base
    if base == "Null":
        return ("true" in wanted) == (given is None)
    if prefix == "ForAllValues":
        return all(matches(base, value, wanted) for value in given or ())
    if prefix == "ForAnyValue":
        return (given is None and if_exists) or any(matches(base, value, wanted) for value in given or ())
    if given is None:
        return if_exists or negated
    if negated:
        return all(matches(base, value, wanted) for value in given)
    return any(matches(base, value, wanted) for value in given)


def matches(base: str, value: str, wanted: Sequence[str]) -> bool:
    """Whether one value satisfies an operator: any of `wanted`, or with a negated one none of them.

    Operators for numbers, dates, binaries and addresses never match: no condition key here has such a type.
    """
    compare = COMPARE.get(base.replace("Not", "", 1))
    if compare is None:
        return False
    found = any(compare(value, one) for one in wanted)
    return not found if "Not" in base else found


def like(value: str, pattern: str) -> bool:
    """IAM's wildcards: `*` for any characters, `?` for one."""
    parts = (".*" if one == "*" else "." if one == "?" else re.escape(one) for one in pattern)
    return re.fullmatch("".join(parts), value, re.DOTALL) is not None


def like_arn(value: str, pattern: str) -> bool:
    """ArnEquals and ArnLike, which are the same: each of an ARN's six parts, with wildcards inside a part."""
    parts, wanted = value.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(wanted) == 6 and all(map(like, parts, wanted))


def strings(value: Any) -> list[str]:
    """A scalar or a list of the policy language as strings; true and false are spelled so."""
    values = value if isinstance(value, list) else [value]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in values]


COMPARE: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": like,
    "ArnEquals": like_arn,
    "ArnLike": like_arn,
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
}
