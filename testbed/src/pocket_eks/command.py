"""Runs the user's command in a world, as a shell would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

from pocket_eks.servers import Servers

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_command(words: Sequence[str], environ: dict[str, str], servers: Servers) -> int:
    """Return the exit code of the command.

    It is 128+n if signal n ended the command, 127 if there is no such command, and 126 if it cannot be run.
    SIGINT, SIGTERM and SIGHUP are passed to the command, which can clean up before it ends.
    """
    # In the foreground of a terminal, the command shares our process group, so that it can read the terminal
    # and
    # gets Ctrl-C. Otherwise it has its own group, so that its child processes can be ended.
    shared = in_foreground()

    def enrol() -> None:
        if not shared:
            os.setpgrp()
        # Before exec, because the command may kill this process immediately.
        servers.end_with(os.getpid(), group=not shared)

    command: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def pass_on(number: int, _: FrameType | None) -> None:
        if command is None:
            early.append(number)
        elif not (shared and number == signal.SIGINT):
            with suppress(ProcessLookupError):
                (os.kill if shared else os.killpg)(command.pid, number)
        # Otherwise the terminal has already sent it, and a second one would look like a second Ctrl-C.

    with handling(pass_on):
        try:
            command = subprocess.Popen(words, env=environ, preexec_fn=enrol)  # noqa: PLW1509
        except OSError as error:
            print(f"{words[0]}: {error.strerror}", file=sys.stderr)
            return 127 if isinstance(error, FileNotFoundError) else 126
        for number in early:
            pass_on(number, None)
        code = command.wait()
    return 128 - code if code < 0 else code


def in_foreground() -> bool:
    """Return whether this process is in the foreground of its terminal."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


@contextmanager
def handling(handler: signal._HANDLER) -> Iterator[None]:
    """Handle the signals in ENDING with `handler` during the block, then restore the previous handlers."""
    # Keep ignoring SIGHUP under nohup.
    nohup = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    heard = [number for number in ENDING if not (nohup and number == signal.SIGHUP)]
    before = {number: signal.signal(number, handler) for number in heard}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
