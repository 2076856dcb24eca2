# SPDX-License-Identifier: GPL-3.0-or-later

"""Run independent calls in threads, and wait for them until the deadline at most.

The threads are daemons, so a hanging call cannot keep the run alive past its deadline or delay Ctrl-C.
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

# A run over many ServiceAccounts makes up to this many concurrent calls to AWS or to the API server.
CONNECTIONS = 32
# Enough to hide latency, and few enough to avoid throttling.
AT_ONCE = 8
# A call may fail because an earlier one fails: without AWS credentials there is no token for the API server.
GRACE_SECONDS = 2.0
# Optional reads, such as which pods to restart, may use only a small part of the time left.
BESIDES_SHARE, BESIDES_SECONDS = 0.25, 10.0
# A call that times out by itself at the same deadline gives the more precise error, so wait a little for it.
LAST_WORDS_SECONDS = 0.5


def bounded(
    doing: str,
    work: Callable[[], Result],
    deadline: Deadline,
    *,
    last_words: float = LAST_WORDS_SECONDS,
) -> Result:
    """What `work` returns or raises; `last_words` is how many seconds to wait after the deadline.

    Raises:
        TimedOut: the deadline passed; `doing` completes "timed out after N s …".
    """
    (result,) = side_by_side(doing, deadline, work, last_words=last_words)
    return cast("Result", result)


def besides(doing: str, work: Callable[[], Result], deadline: Deadline) -> Result:
    """What `work` returns or raises, limited to a small part of the time left.

    Raises:
        TimedOut: `work` took longer.
    """
    return bounded(doing, work, deadline.part(BESIDES_SHARE, BESIDES_SECONDS))


def side_by_side(
    doing: str,
    deadline: Deadline,
    *works: Callable[[], Any],
    last_words: float = LAST_WORDS_SECONDS,
) -> tuple[Any, ...]:
    """The results of all `works`, in their order, each run in a thread of its own.

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
    doing: str,
    deadline: Deadline,
    works: Iterable[Callable[[], Result]],
    *,
    limit: int = AT_ONCE,
    last_words: float = LAST_WORDS_SECONDS,
) -> tuple[Result, ...]:
    """The results of all `works`, in their order, with at most `limit` running at a time.

    The first failure is raised at once, and no further work is started.
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

    side_by_side(doing, deadline, *[take_turns] * min(limit, len(waiting)), last_words=last_words)
    return tuple(results[place] for place in sorted(results))


class Desk:
    """Lets a worker thread run a call, such as a prompt on the terminal, in the thread that waits for it."""

    def __init__(self) -> None:
        self.is_open = False
        self._orders: SimpleQueue[Any] = SimpleQueue()

    def bounded(self, doing: str, work: Callable[[], Result], deadline: Deadline) -> Result:
        """Like the function `bounded`, but also runs in this thread what `work` passes to `call`."""
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
        """What `work` returns or raises, run in the thread that waits in `bounded`."""
        done: SimpleQueue[tuple[Any, Exception | None]] = SimpleQueue()

        def order() -> None:
            try:
                done.put((work(), None))
            except Exception as error:  # raised again in the thread that called
                done.put((None, error))

        self._orders.put(order)
        value, error = done.get()
        if error:
            raise error
        return cast("Result", value)


class Answers:
    """A cache for threads: each answer is computed once, and concurrent callers wait for it."""

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
        """The cached answer to `question`, else what `find` returns.

        An answer is cached if `lasts` is true of it; an exception is never cached.
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
        except BaseException as error:  # raised again in the thread that waits for the result
            self.error = error
        self._finished.put(self)


def _next(
    finished: SimpleQueue[Any], doing: str, deadline: Deadline, last_words: float = LAST_WORDS_SECONDS
) -> Any:
    while True:
        remaining = deadline.remaining
        try:
            # In short waits, so that a signal reaches the main thread on every platform.
            return finished.get(timeout=min(0.5, remaining) if remaining else last_words)
        except Empty:
            if not remaining:
                deadline.check(doing)
