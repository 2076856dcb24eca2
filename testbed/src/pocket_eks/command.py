"""Run the user's command in a world, as a shell would."""

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
    """Its exit code; 128+n if signal n ended it, 127 if there is no such command, 126 if it cannot be run.

    SIGINT, SIGTERM and SIGHUP are passed on, and then it is waited for: it may have cleaning up to do.
    """
    # In the foreground of a terminal it shares our group, so that it can read the terminal and gets Ctrl-C
    # from it; otherwise it has its own, and nothing that it started is left over.
    shared = in_foreground()

    def enrol() -> None:
        if not shared:
            os.setpgrp()
        # Before it is the command: it may be quick to have this process killed.
        servers.end_with(os.getpid(), group=not shared)

    command: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def pass_on(number: int, _: FrameType | None) -> None:
        if command is None:
            early.append(number)
        elif not (shared and number == signal.SIGINT):
            with suppress(ProcessLookupError):
                (os.kill if shared else os.killpg)(command.pid, number)
        # else it has had it from the terminal, and would take a second one for impatience

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
    """Whether this process is in the foreground of its terminal."""
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
    """Have `handler` called for ENDING, and what was there before afterwards."""
    # What nohup ignores stays ignored.
    nohup = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    heard = [number for number in ENDING if not (nohup and number == signal.SIGHUP)]
    before = {number: signal.signal(number, handler) for number in heard}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
