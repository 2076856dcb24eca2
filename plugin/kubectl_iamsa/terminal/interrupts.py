"""Handles Ctrl-C and similar signals during writes: the run stops after the current step."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))

_QUIT = tuple(getattr(signal, name) for name in ("SIGQUIT",) if hasattr(signal, name))


class Interrupted(KeyboardInterrupt):
    """Raised to stop the run. `number` is the number of the signal."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__()
        self.number = int(number)


@contextmanager
def raised_at_once() -> Iterator[None]:
    """Raise an exception in the block for each signal that ends a program, so that its cleanup runs.

    Works only in the main thread.
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
    """Once armed, the first signal only sets `asked`. The second one raises Interrupted immediately."""

    def __init__(self, on_first: Callable[[], None]) -> None:
        self.asked: Interrupted | None = None
        self._on_first = on_first
        self._earlier: dict[int, Any] = {}

    def arm(self) -> None:
        for number in _SIGNALS:
            # Keep ignoring signals that are ignored, for example by nohup.
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
