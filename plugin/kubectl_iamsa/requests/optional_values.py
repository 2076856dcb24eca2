"""Checks of single values from argv, for those that argv may leave out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.model import values


def checked(value: str | None, check: Callable[[str], str]) -> str | None:
    return None if value is None else check(value)


def seconds(value: str | None, field: str, bounds: tuple[int, int]) -> int | None:
    return None if value is None else values.parse_duration(value, field, *bounds)


def named_text(given: dict[str, Any], key: str) -> str | None:
    field = "--as" if key == "as_user" else "--" + key.replace("_", "-")
    return checked(given.get(key), lambda value: plain_text(value, field))


def plain_text(value: str, field: str, longest: int = 4096) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidValue(field, value[:80], "is not UTF-8 text", remedy="write it in UTF-8") from None
    return values.check_text(value, field, longest)
