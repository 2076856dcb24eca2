# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A record of calls, and a place to step between a caller and what it calls."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from ansible_collections.iamsa.eks.plugins.module_utils.errors import RemoteError

Answer = TypeVar("Answer")
# What a hook is given: the call itself. It may refuse to make it, make it twice, or change its answer.
Hook = Callable[[Callable[[], Any]], Any]
# A latency in which calls that are made side by side all begin, on a busy machine too.
LONG_ENOUGH = 0.15


class Crash(BaseException):
    """The process ends here: no error of the program's own, and nothing may catch it."""


@dataclass
class Call:
    """One call; `start` and `end` are ticks of one clock for all calls."""

    name: str
    write: bool
    about: str
    start: int
    end: int = 0


@dataclass
class Wire:
    """Every call to AWS and to Kubernetes runs over it. `latency` in seconds delays each."""

    latency: float = 0.0
    calls: list[Call] = field(default_factory=list)
    _hooks: list[tuple[str, Hook, list[int]]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _tick: int = 0

    def send(self, name: str, work: Callable[[], Answer], *, write: bool = False, about: str = "") -> Answer:
        call = Call(name, write, about, self._next())
        with self._lock:
            self.calls.append(call)
        if self.latency:
            time.sleep(self.latency)
        try:
            return cast("Answer", self._hooked(name, work))
        finally:
            call.end = self._next()

    def on(self, name: str, hook: Hook, *, times: int = 1, skip: int = 0) -> None:
        """Give the next `times` calls of that name to `hook`, after letting `skip` of them pass."""
        self._hooks.append((name, hook, [skip, times]))

    def forget(self) -> None:
        """Drop the calls that were recorded and the hooks that were set."""
        self.calls.clear()
        self._hooks.clear()

    def names(self, prefix: str = "") -> list[str]:
        return [call.name for call in self.calls if call.name.startswith(prefix)]

    @property
    def writes(self) -> list[str]:
        return [call.name for call in self.calls if call.write]

    def longest_chain(self) -> int:
        """How many calls followed one another, each begun after the one before had ended."""
        chain: dict[int, int] = {}
        for call in sorted(self.calls, key=lambda one: one.start):
            earlier = [
                chain[id(other)] for other in self.calls if id(other) in chain and other.end < call.start
            ]
            chain[id(call)] = 1 + max(earlier, default=0)
        return max(chain.values(), default=0)

    def _next(self) -> int:
        with self._lock:
            self._tick += 1
            return self._tick

    def _hooked(self, name: str, work: Callable[[], Any]) -> Any:
        with self._lock:
            hook = self._take(name)
        return hook(work) if hook else work()

    def _take(self, name: str) -> Hook | None:
        for wanted, hook, counts in self._hooks:
            if wanted != name or counts[1] == 0:
                continue
            if counts[0]:
                counts[0] -= 1
                continue
            counts[1] -= 1
            return hook
        return None


def fails(code: str, problem: str = "it failed") -> Hook:
    """The call is not made; the service's answer is an error."""

    def hook(_: Callable[[], Any]) -> Any:
        raise RemoteError(problem, code=code)

    return hook


def raises(error: BaseException) -> Hook:
    """The call is not made."""

    def hook(_: Callable[[], Any]) -> Any:
        raise error

    return hook


def hangs(_: Callable[[], Any]) -> Any:
    """The call is never answered."""
    threading.Event().wait(60)


def answers(value: Any) -> Hook:
    """The call is not made; this is the answer. A lagging read answers None."""
    return lambda _: value


def crashes_before(_: Callable[[], Any]) -> Any:
    """The process ends before the call is made."""
    raise Crash


def crashes_after(work: Callable[[], Any]) -> Any:
    """The call is made, and then the process ends."""
    work()
    raise Crash


def loses_the_answer(work: Callable[[], Any]) -> Any:
    """The call is made, its answer is lost, and the SDK makes it again."""
    work()
    return work()


def meanwhile(act: Callable[[], Any]) -> Hook:
    """Somebody else acts right before the call."""

    def hook(work: Callable[[], Any]) -> Any:
        act()
        return work()

    return hook
