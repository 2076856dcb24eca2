# SPDX-License-Identifier: GPL-3.0-or-later

"""The time that one run may take, waits and retries included."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TypeVar

from .errors import TimedOut
from .wording.text import RUN_AGAIN, Option

Result = TypeVar("Result")


class Deadline:
    """A point in monotonic time; every wait asks it how long it may still take."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self._end - time.monotonic())

    def part(self, share: float, most: float = math.inf) -> Deadline:
        """One for what may be left undone: `share` of the seconds left, and no more than `most`."""
        return Deadline(min(self.remaining * share, most))

    def extend(self, seconds: float) -> None:
        """Leave time out that was not the run's own, such as a question that waited for an answer."""
        self._end += seconds

    def without(self, wait: Callable[[], Result]) -> Result:
        """What `wait` returns; the time that it takes is not the run's own."""
        begun = time.monotonic()
        try:
            return wait()
        finally:
            self.extend(time.monotonic() - begun)

    def check(self, doing: str) -> None:
        """Raise TimedOut if the time is up; `doing` completes "gave up … after N s"."""
        if not self.remaining:
            raise TimedOut(
                f"gave up {doing} after {self.seconds:g} s",
                remedy=RUN_AGAIN + ", or give it longer with " + Option("timeout"),
            )

    def sleep(self, seconds: float, doing: str) -> None:
        """Sleep, but never past the deadline; raise TimedOut once it is reached."""
        time.sleep(min(seconds, self.remaining))
        self.check(doing)
