"""A progress bar: one line that is overwritten on a terminal, and no output elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType

from ..terminal.console import Console, is_terminal

WIDTH = 20


@contextmanager
def status(console: Console, environ: Mapping[str, str], text: str) -> Iterator[None]:
    """Show a status line on a terminal during the block."""
    shown = is_terminal(console.stderr, environ)
    if shown:
        console.status(text)
    try:
        yield
    finally:
        if shown:
            console.status("")


class Bar:
    """A bar on stderr, which is cleared at the end. `step` can be called from any thread."""

    def __init__(self, console: Console, environ: Mapping[str, str]) -> None:
        self._console = console
        self._shown = is_terminal(console.stderr, environ)
        self._lock = threading.Lock()
        self._total = 0
        self._done = 0
        self._ended = False

    def begin(self, total: int) -> None:
        self._total = total
        self._show("")

    def step(self, name: str) -> None:
        """Count one more finished item."""
        with self._lock:
            self._done += 1
            self._show(name)

    def _show(self, name: str) -> None:
        if self._shown and self._total and not self._ended:
            full = WIDTH * self._done // self._total
            line = f"[{'#' * full}{'.' * (WIDTH - full)}] {self._done}/{self._total} {name}"
            # A wrapped line could not be overwritten.
            self._console.status(line[:79])

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._ended = True
            if self._shown:
                self._console.status("")
