"""Policy conditions (IAM User Guide: "IAM JSON policy elements: Condition
operators")."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from functools import lru_cache
from ipaddress import ip_address, ip_network
from operator import eq, ge, gt, le, lt
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
    """Return the set prefix or "", the operator, and IfExists. Raises ValueError for an unknown operator."""
    prefix, colon, base = operator.rpartition(":")
    if_exists = base.endswith("IfExists")
    base = base.removesuffix("IfExists")
    if base not in OPERATORS or (base == "Null" and if_exists):
        raise ValueError(operator)
    if colon and prefix not in ("ForAllValues", "ForAnyValue"):
        raise ValueError(operator)
    return prefix, base, if_exists


def holds(conditions: Mapping[str, Mapping[str, Any]], context: Context) -> str | None:
    """Return None if all conditions hold, else the condition that does not."""
    for operator, keys in conditions.items():
        for key, values in keys.items():
            if not one_holds(operator, key, strings(values), context):
                return f"{operator} {key}"
    return None


def one_holds(operator: str, key: str, wanted: Sequence[str], context: Context) -> bool:
    """Return whether an operator holds for a key."""
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
    """Return whether a value matches any of `wanted`, or with a negated operator none of them.

    Binary values never match.
    """
    compare = (COMPARE | TYPED).get(base.replace("Not", "", 1))
    if compare is None:
        return False
    found = any(compare(value, one) for one in wanted)
    return not found if "Not" in base else found


def like(value: str, pattern: str) -> bool:
    """Return whether a value matches a pattern: `*` matches any characters, and `?` one."""
    return compiled(pattern).fullmatch(value) is not None


# A policy is evaluated for each call.
@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    parts = (".*" if one == "*" else "." if one == "?" else re.escape(one) for one in pattern)
    return re.compile("".join(parts), re.DOTALL)


def like_arn(value: str, pattern: str) -> bool:
    """Return the result of ArnEquals and ArnLike, which are the same: each part can have wildcards."""
    parts, wanted = value.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(wanted) == 6 and all(map(like, parts, wanted))


def ordered(read: Callable[[str], Any], relation: Callable[[Any, Any], bool]) -> Callable[[str, str], bool]:
    """Return the result of comparing numbers or dates. An invalid value matches nothing."""

    def compare(value: str, wanted: str) -> bool:
        try:
            return relation(read(value), read(wanted))
        except ValueError:
            return False

    return compare


def moment(text: str) -> float:
    """Return an ISO 8601 date or a number as seconds since 1970. Raises ValueError."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    read = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (read if read.tzinfo else read.replace(tzinfo=timezone.utc)).timestamp()


def in_network(value: str, wanted: str) -> bool:
    """Return whether an address is in a network, or equals an address."""
    try:
        return ip_address(value) in ip_network(wanted, strict=False)
    except ValueError:
        return False


def strings(value: Any) -> list[str]:
    """Return a scalar or a list of the policy language as strings, such as "true"."""
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
"""The operators that a policy in the settings may have, without their negations."""

RELATIONS = {
    "Equals": eq,
    "LessThan": lt,
    "LessThanEquals": le,
    "GreaterThan": gt,
    "GreaterThanEquals": ge,
}
TYPED: dict[str, Callable[[str, str], bool]] = {
    **{f"Numeric{name}": ordered(float, relation) for name, relation in RELATIONS.items()},
    **{f"Date{name}": ordered(moment, relation) for name, relation in RELATIONS.items()},
    "IpAddress": in_network,
}
"""Those for types that only a web identity's call and a simulation have: an address, a date, a number."""
