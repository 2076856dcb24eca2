"""Ctrl-C and similar signals during writes: the current step is finished, then the run stops."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))

_QUIT = tuple(getattr(signal, name) for name in ("SIGQUIT",) if hasattr(signal, name))


class Interrupted(KeyboardInterrupt):
    """The run was asked to stop; `number` is the signal's."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__()
        self.number = int(number)


@contextmanager
def raised_at_once() -> Iterator[None]:
    """Inside, each signal that ends a program is an exception, so that what was set up is put back.

    In the main thread only.
    """
    earlier = {
        number: signal.signal(number, _raise)
        for number in (*_SIGNALS, *_QUIT)
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def _raise(number: int, _frame: FrameType | None) -> None:
    raise Interrupted(number)


class Interrupts:
    """Once armed, a first signal is only noted in `asked`; a second one raises Interrupted at once."""

    def __init__(self, on_first: Callable[[], None]) -> None:
        self.asked: Interrupted | None = None
        self._on_first = on_first
        self._earlier: dict[int, Any] = {}

    def arm(self) -> None:
        for number in _SIGNALS:
            # What is ignored, as nohup does it, stays ignored.
            if signal.getsignal(number) is not signal.SIG_IGN and number not in self._earlier:
                self._earlier[number] = signal.signal(number, self._note)

    def disarm(self) -> None:
        for number, handler in self._earlier.items():
            signal.signal(number, handler)
        self._earlier.clear()

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if self.asked:
            raise Interrupted(number)
        self.asked = Interrupted(number)
        self._on_first()
