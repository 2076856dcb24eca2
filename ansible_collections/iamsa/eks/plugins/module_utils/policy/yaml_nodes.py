# SPDX-License-Identifier: GPL-3.0-or-later

"""Read YAML as values that know their lines, whose scalars mean what they mean in JSON.

A plain scalar is a string, unless it is true, false, null or a number in the form of JSON: IAM has no dates
and no octal numbers, and `2012-10-17` and `on` are strings to everybody who writes a policy.
Source: https://yaml.org/spec/1.2.2/#102-json-schema
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..errors import excerpt, quoted
from .json_text import DEEPEST

# Receives line and column (from 1; 0 if unknown), a predicate such as `is empty`, and the remedy.
Refuse = Callable[[int, int, str, str], None]

_WORDS = {"true": True, "false": False, "null": None, "": None}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
_LONGEST_NUMBER = 1000


class Node(NamedTuple):
    """A value of a document: a scalar, a list of nodes, or a dict of nodes by key.

    `line` is that of the key in a mapping, and of the value elsewhere.
    """

    value: Any
    line: int
    column: int

    def plain(self) -> Any:
        """The value without positions."""
        if isinstance(self.value, dict):
            return {key: inner.plain() for key, inner in self.value.items()}
        if isinstance(self.value, list):
            return [inner.plain() for inner in self.value]
        return self.value


def read_documents(text: str, refuse: Refuse) -> Iterator[Node]:
    """Each document of `text`. A text that is not valid YAML ends there.

    `refuse` receives each fault: invalid YAML, tags, anchors, duplicate keys, deep nesting. If it returns,
    the faulty value is null, or the first of two.
    """
    import yaml  # noqa: PLC0415

    reader = _Reader(yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)), yaml, refuse)
    fault: tuple[int, int, str, str]
    try:
        yield from reader.documents()
        return
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = _position(mark) if mark else (0, 0)
        fault = line, column, f"is not valid YAML: {error.problem}", "fix the YAML there"
    except yaml.YAMLError as error:
        reason = str(getattr(error, "reason", "")) or "invalid character"
        fault = 0, 0, f"is not valid YAML: {reason}", "remove control characters"
    refuse(*fault)


class _Reader:
    """Builds the nodes from PyYAML's events, which still have marks, tags and anchors."""

    def __init__(self, events: Iterator[Any], yaml: Any, refuse: Refuse) -> None:
        self._events = events
        self._yaml = yaml
        self._refuse_at = refuse

    def documents(self) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, self._yaml.DocumentStartEvent):
                yield self._root()

    def _root(self) -> Node:
        return self._node(next(self._events), 0)

    def _node(self, event: Any, depth: int, key: Any = None) -> Node:
        return Node(self._value(event, depth), *_position((key or event).start_mark))

    def _value(self, event: Any, depth: int) -> Any:
        if isinstance(event, self._yaml.AliasEvent) or event.anchor:
            self._refuse(event, "has an anchor or an alias", "write the value itself")
            if isinstance(event, self._yaml.AliasEvent):
                return None
        if event.tag:
            self._refuse(event, f"has the tag {quoted(excerpt(event.tag))}", "remove it")
        if isinstance(event, self._yaml.ScalarEvent):
            return self._scalar(event)
        if depth >= DEEPEST:
            self._refuse(event, f"is nested more than {DEEPEST} levels deep", "reduce the nesting")
            self._skip()
            return None
        if isinstance(event, self._yaml.SequenceStartEvent):
            return [self._node(inner, depth + 1) for inner in self._until(self._yaml.SequenceEndEvent)]
        found: dict[str, Node] = {}
        for key in self._until(self._yaml.MappingEndEvent):
            name = self._key(key)
            node = self._node(next(self._events), depth + 1, key)
            if name in found:
                problem = f"has the duplicate key {quoted(excerpt(name))}"
                self._refuse(key, problem, "keep one of the two, or merge their values")
            found.setdefault(name, node)
        return found

    def _until(self, end: type) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _skip(self) -> None:
        """Read to the end of a list or mapping that has begun."""
        begins = (self._yaml.SequenceStartEvent, self._yaml.MappingStartEvent)
        open_ones = 1
        while open_ones:
            event = next(self._events)
            open_ones += isinstance(event, begins)
            open_ones -= isinstance(event, self._yaml.CollectionEndEvent)

    def _key(self, event: Any) -> str:
        if not isinstance(event, self._yaml.ScalarEvent):
            self._refuse(event, "has a key that is not a string", "write a string")
            if not isinstance(event, self._yaml.AliasEvent):
                self._skip()
            return ""
        value = self._value(event, 0)
        return value if isinstance(value, str) else str(event.value)

    def _scalar(self, event: Any) -> Any:
        text = str(event.value)
        if event.style:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if not _NUMBER.fullmatch(text):
            return text
        if len(text) > _LONGEST_NUMBER or not math.isfinite(float(text)):
            problem = f"contains {excerpt(text, 20)}, which is not a number that AWS accepts"
            self._refuse(event, problem, "write a plain number")
            return 0
        return json.loads(text)

    def _refuse(self, event: Any, problem: str, remedy: str) -> None:
        self._refuse_at(*_position(event.start_mark), problem, remedy)


def _position(mark: Any) -> tuple[int, int]:
    """Line and column of a mark, from 1."""
    return mark.line + 1, mark.column + 1
