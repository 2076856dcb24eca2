"""The world's side of the keeper: start servers, wait for them, end them all."""

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
TAIL = 25  # lines of a log shown when its server fails
PATIENCE = 10.0  # seconds of silence


class Servers:
    """Servers that log to `directory`/logs. They and the directory end when this process does, however it
    dies, unless `stay` was called."""

    def __init__(self, directory: Path, keep_open: Sequence[int] = ()) -> None:
        """`keep_open`: descriptors that stay open as long as the servers are there."""
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
                # Ctrl-C at a terminal is the command's affair, and servers outlive it until it is done.
                start_new_session=True,
            )

    def start(self, name: str, argv: Sequence[str | Path], env: Mapping[str, str]) -> None:
        self._tell({"start": name, "argv": [str(word) for word in argv], "env": dict(env)})

    def end_with(self, pid: int, group: bool) -> None:
        """End this process too, or the group that it leads, when the world ends."""
        self._tell({"command": pid, "group": group})

    def stay(self) -> None:
        """Let everything outlive this process, until the keeper gets SIGTERM."""
        self._tell({"stay": True})
        self.stays = True

    def close(self) -> None:
        """End everything and wait until it is deleted, unless it is to stay."""
        assert self.keeper.stdin is not None
        self.keeper.stdin.close()
        if not self.stays:
            self.keeper.wait()

    def wait(self, name: str, ready: Callable[[], bool], seconds: float = 60) -> None:
        """Return when `ready()`.

        WorldError: a server ended, or `name` took longer; the text has the end of its log.
        """
        start = time.monotonic()
        patient = True
        while not ready():
            # Any of them: the API server waits in silence for an etcd that is gone.
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
        # One unbuffered write: a pipe's reader sees it even if this process is killed right after.
        os.write(self.keeper.stdin.fileno(), json.dumps(order).encode() + b"\n")
