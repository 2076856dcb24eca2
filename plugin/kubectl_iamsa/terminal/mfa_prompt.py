"""Asks for an MFA code on the terminal itself, because stdin and stdout can be pipes."""

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
    """Return the line that was entered, or None if there is no terminal.

    The input is not echoed. The terminal is always restored.

    Raises:
        TimedOut: no line was entered in time.
    """
    if not (_is_terminal(sys.stdin) or _is_terminal(sys.stderr)):
        return None
    try:
        terminal = os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return None
    try:
        if os.tcgetpgrp(terminal) != os.getpgrp():
            # In the background, the shell would stop this process.
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
        # Discard input that was typed before the question.
        termios.tcsetattr(terminal, termios.TCSAFLUSH, silent)
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)
        os.write(terminal, b"\n")


def _line(terminal: int, seconds: float) -> str:
    """Read a line. The terminal returns whole lines, or less if the user ends the input."""
    end = time.monotonic() + seconds
    # Wait in slices: a signal that arrives right before a wait is handled only after it.
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
