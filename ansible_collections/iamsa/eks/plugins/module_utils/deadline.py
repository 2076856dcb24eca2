# SPDX-License-Identifier: GPL-3.0-or-later

"""The time limit of one run, including waits and retries."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from .errors import TimedOut
from .wording.text import RUN_AGAIN, Option

Result = TypeVar("Result")


class Deadline:
    """A point in monotonic time that bounds every wait of a run. All times are in seconds.

    `waiting` is called before each pause with what the run waits for and the length of the pause, from any
    thread.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.waiting: Callable[[str, float], None] | None = None
        self._end = time.monotonic() + seconds
        # By thread, the call that it waits for. Not by its identifier, which a later thread can have too.
        self._calls: dict[threading.Thread, str] = {}

    def calling(self, what: str) -> None:
        """Record what this thread waits for, for the message of a timeout: `HOST has not answered CALL`."""
        self._calls[threading.current_thread()] = what

    def answered(self) -> None:
        """Forget what this thread waits for."""
        self._calls.pop(threading.current_thread(), None)

    @property
    def remaining(self) -> float:
        """Seconds left; never negative."""
        return max(0.0, self._end - time.monotonic())

    def part(self, share: float, most: float = math.inf) -> Deadline:
        """A shorter deadline for optional work: `share` of the time left, at most `most` seconds."""
        return Deadline(min(self.remaining * share, most))

    def extend(self, seconds: float) -> None:
        """Move the deadline by time that the run did not use itself, such as waiting for a user's answer."""
        self._end += seconds

    def without(self, wait: Callable[[], Result]) -> Result:
        """What `wait` returns; the time that it takes does not use up the deadline."""
        begun = time.monotonic()
        try:
            return wait()
        finally:
            self.extend(time.monotonic() - begun)

    def check(self, doing: str) -> None:
        """Raise TimedOut if no time is left; `doing` completes "timed out after N s …"."""
        if not self.remaining:
            calls = dict.fromkeys(call for thread, call in list(self._calls.items()) if thread.is_alive())
            waits = f": {' and '.join(calls)}" if calls else ""
            raise TimedOut(
                f"timed out after {self.seconds:g} s {doing}{waits}",
                remedy=RUN_AGAIN + ", or allow more time with " + Option("timeout"),
            )

    def sleep(self, seconds: float, doing: str) -> None:
        """Sleep, at most until the deadline; raise TimedOut when it is reached."""
        pause = min(seconds, self.remaining)
        if self.waiting:
            self.waiting(doing, pause)
        time.sleep(pause)
        self.check(doing)
