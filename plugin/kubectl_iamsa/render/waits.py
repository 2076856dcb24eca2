"""Shows on a terminal what a run is waiting for, such as for IAM to show a new role."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline

from ..terminal.console import Console, is_terminal

# Seconds of waiting without a status line, so that short waits do not flicker.
PATIENCE = 0.5


@contextmanager
def waits_shown(console: Console, environ: Mapping[str, str], deadline: Deadline) -> Iterator[None]:
    """Show the current wait in a status line during the block, if stderr is a terminal."""
    if not is_terminal(console.stderr, environ):
        yield
        return
    line = _WaitLine(console)
    deadline.waiting = line.waiting
    try:
        yield
    finally:
        deadline.waiting = None
        line.end()


class _WaitLine:
    """The status line; of several waits, it shows the one that began first."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._waits: dict[str, tuple[float, float]] = {}
        self._shown = ""
        self._lock = threading.Lock()
        self._ended = False

    def waiting(self, doing: str, seconds: float) -> None:
        """Called before each pause of a wait, from any thread."""
        with self._lock:
            now = time.monotonic()
            begun, end = self._waits.get(doing, (now, now))
            # A wait that ended some time ago, and began again.
            begun = begun if now < end + PATIENCE else now
            self._waits[doing] = (begun, now + seconds)
            current = {one: since for one, (since, until) in self._waits.items() if now < until + PATIENCE}
            longest = min(current, key=lambda one: current[one])
            if not self._ended and longest != self._shown and now + seconds - current[longest] >= PATIENCE:
                self._shown = longest
                # A wrapped line could not be overwritten.
                self._console.status(f"{longest}..."[:79])

    def end(self) -> None:
        # A thread that the run no longer waits for must not print.
        with self._lock:
            self._ended = True
            self._console.status("")
