# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Things that do not depend on each other, done side by side, and never waited for beyond the deadline.

The threads are daemons: a call that hangs can neither hold the run past its deadline nor keep Ctrl-C waiting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

from .deadline import Deadline

Result = TypeVar("Result")


def bounded(doing: str, work: Callable[[], Result], deadline: Deadline) -> Result:
    """What `work` returns or raises, unless the deadline comes first.

    Raises:
        TimedOut: `doing` completes "gave up … after N s".
    """
    (result,) = side_by_side(doing, deadline, work)
    return cast("Result", result)


def side_by_side(doing: str, deadline: Deadline, *works: Callable[[], Any]) -> tuple[Any, ...]:
    """What each of `works` returns, in their order; the first of them that failed raises."""
    tasks = [_Task(work) for work in works]
    return tuple(task.result(doing, deadline) for task in tasks)


class _Task:
    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self._value: Any = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._value = self._work()
        except BaseException as error:  # handed to whoever asks for the result
            self._error = error

    def result(self, doing: str, deadline: Deadline) -> Any:
        # In slices, so that a signal reaches the main thread on every platform.
        while self._thread.is_alive() and deadline.remaining:
            self._thread.join(min(0.5, deadline.remaining))
        if self._thread.is_alive():
            deadline.check(doing)
        if self._error:
            raise self._error
        return self._value
