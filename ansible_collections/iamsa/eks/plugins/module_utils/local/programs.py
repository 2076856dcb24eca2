# SPDX-License-Identifier: GPL-3.0-or-later

"""Run programs for their output. None outlives this process, unless this process is killed with SIGKILL.

A program in its own session has no terminal, and Ctrl-C reaches it only through this process.
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

# Larger than any credential.
OUTPUT_BYTES = 4 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024

_lock = threading.Lock()
# By process ID: the program's description, and the function that kills it.
_running: dict[int, tuple[str, Callable[[], None]]] = {}


class TooMuchOutput(Exception):
    """The program printed more than OUTPUT_BYTES and was killed."""


def output_of(
    argv: Sequence[str],
    environ: Mapping[str, str],
    what: str,
    deadline: Deadline,
    *,
    may_ask: bool = False,
) -> tuple[int, bytes, bytes]:
    """The exit code (negative: the signal), stdout, and the last 64 KiB of stderr.

    `what` describes the program in messages. With `may_ask`, it shares stdin and the terminal. Otherwise it
    runs in its own session, and all processes that it started are killed when it ends.

    Raises:
        OSError: the program could not be started.
        TimedOut, TooMuchOutput: the program was killed.
    """
    with _lock:
        # ansible-test wants AnsibleModule.run_command, but the core also runs without Ansible.
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
    """Kill every running program and the processes that it started; returns their descriptions."""
    # Wait for a program that is being started, but not for one whose start hangs on a file system.
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
    """Stop every program; returns the message that names what the run was waiting for."""
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
    """The last bytes of the stream. All of it is read, so that the program does not block."""
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
