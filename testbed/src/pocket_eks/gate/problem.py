"""Errors of the control API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Problem(Exception):
    """A request of the control API that cannot be served: an HTTP status and one sentence."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def only_keys(what: str, given: Any, known: Iterable[str]) -> dict[str, Any]:
    """Return `given` as a dictionary. Raises Problem if it is not an object, or has an unknown key."""
    names = sorted(known)
    if not isinstance(given, dict):
        raise Problem(f"{what} must be a JSON object with the keys {', '.join(names)}.")
    for key in given:
        if key not in names:
            raise Problem(f"{what} cannot have the key {key!r}, only {', '.join(names)}.")
    return given


def seconds(what: str, value: Any) -> float:
    """Return a number of seconds, zero or more. Raises Problem."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
        raise Problem(f"{what} must be a number of seconds, zero or more; got {value!r}.")
    return float(value)


def count(what: str, value: Any, least: int) -> int:
    """Return an integer of at least `least`. Raises Problem."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise Problem(f"{what} must be a whole number of at least {least}; got {value!r}.")
    return value
