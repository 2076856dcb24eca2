"""Starts servers through the keeper, waits for them, and ends them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pocket_eks.errors import WorldError

KEEPER = Path(__file__).with_name("keeper.py")
TAIL = 25  # lines of the log that are shown if the server fails
PATIENCE = 10.0  # seconds without output


class Servers:
    """Servers that log to `directory`/logs.

    The servers and the directory are removed when this process ends, even if it is killed, unless `stay` was
    called.
    """

    def __init__(self, directory: Path, keep_open: Sequence[int] = ()) -> None:
        """`keep_open` are file descriptors that stay open as long as the servers run."""
        self.directory = directory
        self.stays = False
        (directory / "logs").mkdir()
        with (directory / "logs" / "keeper.log").open("wb") as log:
            self.keeper = subprocess.Popen(
                [sys.executable, "-IS", str(KEEPER), str(directory)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=keep_open,
                cwd="/",
                # Only the command receives Ctrl-C from a terminal. Servers run until it has ended.
                start_new_session=True,
            )

    def start(self, name: str, argv: Sequence[str | Path], env: Mapping[str, str]) -> None:
        self._tell({"start": name, "argv": [str(word) for word in argv], "env": dict(env)})

    def end_with(self, pid: int, group: bool) -> None:
        """End this process, or the group that it leads, when the world ends."""
        self._tell({"command": pid, "group": group})

    def stay(self) -> None:
        """Keep everything running after this process ends, until the keeper receives SIGTERM."""
        self._tell({"stay": True})
        self.stays = True

    def close(self) -> None:
        """End everything and wait until it has ended, unless `stay` was called."""
        assert self.keeper.stdin is not None
        self.keeper.stdin.close()
        if not self.stays:
            self.keeper.wait()

    def wait(self, name: str, ready: Callable[[], bool], seconds: float = 60) -> None:
        """Return when `ready()` is true.

        Raises:
            WorldError: a server ended, or `name` took too long. The message has the end of its log.
        """
        start = time.monotonic()
        patient = True
        while not ready():
            # Check all servers: the API server waits without output for an etcd that has ended.
            for ended in (self.directory / "logs").glob("*.exit"):
                raise WorldError(f"{ended.stem} ended with code {ended.read_text()}; {self.tail(ended.stem)}")
            waited = time.monotonic() - start
            if patient and waited > PATIENCE:
                print(f"still waiting for {name}", file=sys.stderr, flush=True)
                patient = False
            if waited > seconds:
                raise WorldError(f"{name} is not ready after {seconds:.0f} seconds; {self.tail(name)}")
            time.sleep(0.03)

    def tail(self, name: str) -> str:
        log = self.directory / "logs" / f"{name}.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return "\n".join(["the end of its log:", *(f"  {line}" for line in lines[-TAIL:] or ["(empty)"])])

    def _tell(self, order: dict[str, object]) -> None:
        assert self.keeper.stdin is not None
        # One unbuffered write, so that the reader of a pipe gets it even if this process is killed right
        # after it.
        os.write(self.keeper.stdin.fileno(), json.dumps(order).encode() + b"\n")
