# SPDX-License-Identifier: GPL-3.0-or-later

"""Programs that are run for their output. None outlives this process, unless it is killed with SIGKILL.

One in a session of its own has no terminal, and Ctrl-C reaches it only through us.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import IO

from ..concurrency import side_by_side
from ..deadline import Deadline

# More than any credential has.
OUTPUT_BYTES = 4 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024

_lock = threading.Lock()
# By their ids: what each is, and how to kill it.
_running: dict[int, tuple[str, Callable[[], None]]] = {}


class TooMuchOutput(Exception):
    """It printed more than OUTPUT_BYTES, and was killed."""


def output_of(
    argv: Sequence[str],
    environ: Mapping[str, str],
    what: str,
    deadline: Deadline,
    *,
    may_ask: bool = False,
) -> tuple[int, bytes, bytes]:
    """Exit code (negative: the signal), stdout and the end of stderr; `what` names the program to `stop_all`.

    One that `may_ask` has our stdin and terminal. Of any other, all that it has started is killed as it ends.

    Raises:
        OSError: it cannot be started.
        TimedOut, TooMuchOutput: it was killed.
    """
    with _lock:
        # Here is no AnsibleModule, whose run_command ansible-test asks for: the core serves kubectl too.
        process = subprocess.Popen(  # pylint: disable=ansible-bad-function
            argv,
            env=environ,
            stdin=None if may_ask else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=not may_ask,
        )
        kill = process.kill if may_ask else partial(_kill_group, process.pid)
        _running[process.pid] = (what, kill)
    try:
        stdout, stderr, code = side_by_side(
            f"waiting for {what}",
            deadline,
            lambda: _whole(process.stdout),
            lambda: _end_of(process.stderr),
            process.wait,
            last_words=0,
        )
    finally:
        with _lock:
            _running.pop(process.pid, None)
            kill()
        process.wait()
    return code, stdout, stderr


def stop_all() -> tuple[str, ...]:
    """Kill every program that still runs, with all that it has started; what each was."""
    # One that is being started is waited for, but never one whose start hangs on a file system.
    is_ours = _lock.acquire(timeout=1)
    try:
        running = dict(_running)
        for _what, kill in running.values():
            kill()
    finally:
        if is_ours:
            _lock.release()
    return tuple(what for what, _kill in running.values())


def interrupted() -> str:
    """Stop every program, and say that the run was interrupted, and what it waited for."""
    stopped = stop_all()
    return f"interrupted while waiting for {' and '.join(stopped)}" if stopped else "interrupted"


def _whole(stream: IO[bytes] | None) -> bytes:
    if stream is None:
        return b""
    with stream:
        content = stream.read(OUTPUT_BYTES + 1)
    if len(content) > OUTPUT_BYTES:
        raise TooMuchOutput
    return content


def _end_of(stream: IO[bytes] | None) -> bytes:
    """All is read, so that the program can go on; the last of it is kept."""
    if stream is None:
        return b""
    end = b""
    with stream:
        while chunk := stream.read(_CHUNK_BYTES):
            end = (end + chunk)[-_CHUNK_BYTES:]
    return end


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


atexit.register(stop_all)
