# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Programs that are run for their output. None outlives this process, unless it is killed with SIGKILL.

Each runs in a session of its own, so it has no terminal, and Ctrl-C reaches it only through us.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence

_lock = threading.Lock()
_running: dict[int, str] = {}


def output_of(
    argv: Sequence[str], environ: Mapping[str, str], what: str, seconds: float
) -> tuple[int, bytes, bytes]:
    """Exit code (negative: the signal), stdout and stderr; `what` names the program to `stop_all`.

    Raises:
        OSError: it cannot be started.
        subprocess.TimeoutExpired: it was killed with all that it had started.
    """
    with _lock:
        # Here is no AnsibleModule, whose run_command ansible-test asks for: the core serves kubectl too.
        process = subprocess.Popen(  # pylint: disable=ansible-bad-function
            argv,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        _running[process.pid] = what
    try:
        stdout, stderr = process.communicate(timeout=seconds)
    finally:
        with _lock:
            _running.pop(process.pid, None)
            _kill_group(process.pid)
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()
    return process.returncode, stdout, stderr


def stop_all() -> tuple[str, ...]:
    """Kill every program that still runs, with all that it has started; what each was."""
    # One that is being started is waited for, but never one whose start hangs on a file system.
    is_ours = _lock.acquire(timeout=1)
    try:
        running = dict(_running)
        for pid in running:
            _kill_group(pid)
    finally:
        if is_ours:
            _lock.release()
    return tuple(running.values())


def interrupted() -> str:
    """Stop every program, and say that the run was interrupted, and what it waited for."""
    stopped = stop_all()
    return f"interrupted while waiting for {' and '.join(stopped)}" if stopped else "interrupted"


atexit.register(stop_all)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
