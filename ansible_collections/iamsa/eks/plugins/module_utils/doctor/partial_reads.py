# SPDX-License-Identifier: GPL-3.0-or-later

"""Concurrent reads that can fail one by one; the reason of each failure is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ..concurrency import bounded, side_by_side
from ..deadline import Deadline
from ..errors import IamsaError
from ..wording.text import Sentence
from .evidence import Part

Value = TypeVar("Value")


class PartialReads:
    """Collects reads, and runs them concurrently."""

    def __init__(self, deadline: Deadline, unread: Mapping[Part, Sentence] | None = None) -> None:
        self._deadline = deadline
        self._works: list[Callable[[], Any]] = []
        self.unread: dict[Part, Sentence] = dict(unread or {})

    def add(self, part: Part, work: Callable[[], Any], otherwise: Any) -> None:
        """Run `work` with the others; if it fails, its result is `otherwise`."""
        self._works.append(lambda: self.attempt(part, work, otherwise))

    def attempt(self, part: Part, work: Callable[[], Value], otherwise: Value) -> Value:
        """Run `work` now, for at most half of the remaining time, which leaves the rest to the others."""
        if part in self.unread:
            return otherwise
        try:
            return bounded(f"reading {part}", work, self._deadline.part(0.5))
        except IamsaError as error:
            self.unread[part] = error.sentence
            return otherwise

    def done(self, doing: str) -> tuple[Any, ...]:
        """The results, in the order in which they were added."""
        works, self._works = self._works, []
        return side_by_side(doing, self._deadline, *works)
