"""The question for an MFA code, on the terminal itself: stdin and stdout may be a pipe's."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ansible_collections.iamsa.eks.plugins.module_utils.errors import TimedOut

from .console import printable
from .interrupts import raised_at_once

TERMINAL = "/dev/tty"
_SLICE_SECONDS = 0.5


def ask_code(question: str, seconds: float) -> str | None:
    """The line that was entered, or ""; None without a terminal to ask on.

    The input is not echoed. The terminal is always restored.

    Raises:
        TimedOut: nothing was entered for that long.
    """
    if not (_is_terminal(sys.stdin) or _is_terminal(sys.stderr)):
        return None
    try:
        terminal = os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return None
    try:
        if os.tcgetpgrp(terminal) != os.getpgrp():
            # In the background: the shell would stop us.
            return None
        with raised_at_once(), _unechoed(terminal):
            os.write(terminal, printable(question, keep="").encode(errors="replace"))
            return _line(terminal, seconds)
    finally:
        os.close(terminal)


@contextmanager
def _unechoed(terminal: int) -> Iterator[None]:
    import termios  # noqa: PLC0415

    before = termios.tcgetattr(terminal)
    silent = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
    try:
        # What was typed before the question is no answer to it.
        termios.tcsetattr(terminal, termios.TCSAFLUSH, silent)
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)
        os.write(terminal, b"\n")


def _line(terminal: int, seconds: float) -> str:
    """The terminal hands over whole lines; less of one, or nothing, where its user ends the input."""
    end = time.monotonic() + seconds
    # In slices: a signal that comes right before a wait is seen only after it.
    while (remaining := end - time.monotonic()) > 0:
        if select.select([terminal], [], [], min(_SLICE_SECONDS, remaining))[0]:
            return os.read(terminal, 1024).decode(errors="replace").strip()
    raise TimedOut(
        f"no MFA code was entered within {seconds:g} s",
        remedy="run the same command again, or increase --timeout",
    )


def _is_terminal(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    try:
        return bool(isatty and isatty())
    except ValueError:
        return False
