# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the YAML text of a policy document, whose scalars mean what they mean in JSON.

A plain scalar is a string, unless it is true, false, null or a number in the form of JSON: IAM has no dates
and no octal numbers, and `2012-10-17` and `on` are strings to everybody who writes a policy.
Source: https://yaml.org/spec/1.2.2/#102-json-schema
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from ..errors import excerpt, quoted
from .json_text import DEEPEST, Place, decoded

_WORDS = {"true": True, "false": False, "null": None, "": None}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
_LONGEST_NUMBER = 1000


def parse_yaml(raw: bytes, place: Place) -> Any:
    """The value of `raw`, which must be one YAML document without tags, anchors and duplicate keys.

    Raises:
        InvalidFile: the text is empty, too large, not UTF-8 or not such a document.
    """
    # Most policies are JSON.
    import yaml  # noqa: PLC0415

    text = decoded(raw, place)
    try:
        return _Reader(yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)), yaml, place).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = place.at(_position(mark)) if mark else place
        raise where.refusal(f"is not valid YAML: {error.problem}", "fix the YAML there") from None
    except yaml.YAMLError as error:
        reason = str(getattr(error, "reason", "")) or "invalid character"
        raise place.refusal(f"is not valid YAML: {reason}", "remove control characters") from None


class _Reader:
    """Builds the value from PyYAML's events, which still have marks, tags and anchors."""

    def __init__(self, events: Iterator[Any], yaml: Any, place: Place) -> None:
        self._events = events
        self._yaml = yaml
        self._place = place

    def read(self) -> Any:
        next(self._events)
        if isinstance(next(self._events), self._yaml.StreamEndEvent):
            raise self._place.refusal("is empty", "write a policy document to it")
        value = self._value(next(self._events), 0)
        next(self._events)
        further = next(self._events)
        if not isinstance(further, self._yaml.StreamEndEvent):
            self._refuse(further, "starts a second document", "keep one document")
        return value

    def _value(self, event: Any, depth: int) -> Any:
        if depth > DEEPEST:
            self._refuse(event, f"is nested more than {DEEPEST} levels deep", "use a policy document")
        if isinstance(event, self._yaml.AliasEvent) or event.anchor:
            self._refuse(event, "has an anchor or an alias", "write the value itself")
        if isinstance(event, self._yaml.ScalarEvent):
            return self._scalar(event)
        if event.tag:
            self._refuse(event, f"has the tag {quoted(excerpt(event.tag))}", "remove it")
        if isinstance(event, self._yaml.SequenceStartEvent):
            return [self._value(inner, depth + 1) for inner in self._until(self._yaml.SequenceEndEvent)]
        found: dict[str, Any] = {}
        for key in self._until(self._yaml.MappingEndEvent):
            name = self._key(key)
            if name in found:
                problem = f"has the duplicate key {quoted(excerpt(name))}"
                self._refuse(key, problem, "keep one of the two, or merge their values")
            found[name] = self._value(next(self._events), depth + 1)
        return found

    def _until(self, end: type) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _key(self, event: Any) -> str:
        if not isinstance(event, self._yaml.ScalarEvent):
            self._refuse(event, "has a key that is not a string", "write a string")
        value = self._value(event, 0)
        return value if isinstance(value, str) else str(event.value)

    def _scalar(self, event: Any) -> Any:
        if event.tag:
            self._refuse(event, f"has the tag {quoted(excerpt(event.tag))}", "remove it")
        text = str(event.value)
        if event.style:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if not _NUMBER.fullmatch(text):
            return text
        number = json.loads(text) if len(text) <= _LONGEST_NUMBER else math.inf
        if not math.isfinite(number):
            problem = f"contains {excerpt(text, 20)}, which is not a number that AWS accepts"
            self._refuse(event, problem, "write a plain number")
        return number

    def _refuse(self, event: Any, problem: str, remedy: str) -> NoReturn:
        raise self._place.at(_position(event.start_mark)).refusal(problem, remedy)


def _position(mark: Any) -> str:
    """`line 3, column 7` of a mark."""
    return f"line {mark.line + 1}, column {mark.column + 1}"
