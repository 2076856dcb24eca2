# SPDX-License-Identifier: GPL-3.0-or-later

"""Things that do not depend on each other, done side by side, and never waited for beyond the deadline.

The threads are daemons: a call that hangs can neither hold the run past its deadline nor keep Ctrl-C waiting.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable
from queue import Empty, SimpleQueue
from typing import Any, TypeVar, cast

from .deadline import Deadline
from .errors import note

Result = TypeVar("Result")

# Many ServiceAccounts in one run have as many calls under way to one side.
CONNECTIONS = 32
# Enough to hide the latency of one side, and few enough not to be throttled.
AT_ONCE = 8
# A work may be the reason why a later one fails: no credentials for AWS, none for the API server either.
GRACE_SECONDS = 2.0
# What is looked at besides, such as which pods to restart, takes a small part of the time.
BESIDES_SHARE, BESIDES_SECONDS = 0.25, 10.0
# What is waited for in a work ends with the same deadline, and says better than we what it was.
LAST_WORDS_SECONDS = 0.5


def bounded(
    doing: str,
    work: Callable[[], Result],
    deadline: Deadline,
    *,
    last_words: float = LAST_WORDS_SECONDS,
) -> Result:
    """What `work` returns or raises, unless the deadline comes first.

    Raises:
        TimedOut: `doing` completes "gave up … after N s".
    """
    (result,) = side_by_side(doing, deadline, work, last_words=last_words)
    return cast("Result", result)


def besides(doing: str, work: Callable[[], Result], deadline: Deadline) -> Result:
    """What `work` returns or raises, if that takes a small part of the time: what follows has the rest.

    Raises:
        TimedOut: it takes longer.
    """
    return bounded(doing, work, deadline.part(BESIDES_SHARE, BESIDES_SECONDS))


def side_by_side(
    doing: str,
    deadline: Deadline,
    *works: Callable[[], Any],
    last_words: float = LAST_WORDS_SECONDS,
) -> tuple[Any, ...]:
    """What each of `works` returns, in their order.

    As soon as one fails, it raises, or one before it that fails within a moment; what still hangs is left.
    Past the deadline they have `last_words` seconds to say what they waited for; 0 where they cannot.
    """
    finished: SimpleQueue[_Task] = SimpleQueue()
    tasks = [_Task(work, finished) for work in works]
    for _task in tasks:
        task = _next(finished, doing, deadline, last_words)
        if task.error:
            raise note(_first_error(tasks, tasks.index(task), deadline), doing)
    return tuple(task.value for task in tasks)


def few_at_a_time(
    doing: str, deadline: Deadline, works: Iterable[Callable[[], Result]], *, limit: int = AT_ONCE
) -> tuple[Result, ...]:
    """What each of `works` returns, in their order, with no more than `limit` of them under way at once.

    As soon as one fails, it raises, and none is begun any more.
    """
    waiting = deque(enumerate(works))
    results: dict[int, Result] = {}
    failed = threading.Event()

    def take_turns() -> None:
        while not failed.is_set():
            try:
                place, work = waiting.popleft()
            except IndexError:
                return
            try:
                results[place] = work()
            except BaseException:
                failed.set()
                raise

    side_by_side(doing, deadline, *[take_turns] * min(limit, len(waiting)))
    return tuple(results[place] for place in sorted(results))


class Desk:
    """Where a thread has something done in the thread that waits for it, such as asking on the terminal."""

    def __init__(self) -> None:
        self.is_open = False
        self._orders: SimpleQueue[Any] = SimpleQueue()

    def bounded(self, doing: str, work: Callable[[], Result], deadline: Deadline) -> Result:
        """As the function `bounded`; what `work` asks for by `call` is done here meanwhile."""
        self.is_open = True
        try:
            task = _Task(work, self._orders)
            while (order := _next(self._orders, doing, deadline)) is not task:
                order()
        finally:
            self.is_open = False
        if task.error:
            raise note(task.error, doing)
        return cast("Result", task.value)

    def call(self, work: Callable[[], Result]) -> Result:
        """What `work` returns or raises where it is waited for us."""
        done: SimpleQueue[tuple[Any, Exception | None]] = SimpleQueue()

        def order() -> None:
            try:
                done.put((work(), None))
            except Exception as error:  # handed to whoever has asked for it
                done.put((None, error))

        self._orders.put(order)
        value, error = done.get()
        if error:
            raise error
        return cast("Result", value)


class Answers:
    """What many ask for, found out once; whoever asks meanwhile waits for that one answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asking: dict[Hashable, threading.Lock] = {}
        self._found: dict[Hashable, Any] = {}

    def of(
        self,
        question: Hashable,
        find: Callable[[], Result],
        *,
        lasts: Callable[[Result], bool] = lambda _answer: True,
    ) -> Result:
        """What `find` returns, or returned when this was asked before, if it was one that `lasts`.

        What it raises is not kept.
        """
        with self._lock:
            asking = self._asking.setdefault(question, threading.Lock())
        with asking:
            if question in self._found:
                return cast("Result", self._found[question])
            answer = find()
            if lasts(answer):
                self._found[question] = answer
            return answer


def _first_error(tasks: list[_Task], failed: int, deadline: Deadline) -> BaseException:
    end = time.monotonic() + min(GRACE_SECONDS, deadline.remaining)
    for task in tasks[:failed]:
        task.thread.join(max(0.0, end - time.monotonic()))
    return next(task.error for task in tasks if task.error)


class _Task:
    def __init__(self, work: Callable[[], Any], finished: SimpleQueue[Any]) -> None:
        self.value: Any = None
        self.error: BaseException | None = None
        self._work = work
        self._finished = finished
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.value = self._work()
        except BaseException as error:  # handed to whoever waits for the result
            self.error = error
        self._finished.put(self)


def _next(
    finished: SimpleQueue[Any], doing: str, deadline: Deadline, last_words: float = LAST_WORDS_SECONDS
) -> Any:
    while True:
        remaining = deadline.remaining
        try:
            # In slices, so that a signal reaches the main thread on every platform.
            return finished.get(timeout=min(0.5, remaining) if remaining else last_words)
        except Empty:
            if not remaining:
                deadline.check(doing)
