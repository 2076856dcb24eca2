"""The process that owns a world's servers and its directory, and ends both.

Run as a file, with the standard library only: `python -IS keeper.py DIRECTORY`, in a session of its own. It
reads one JSON object per line from stdin:

    {"start": NAME, "argv": [...], "env": {...}}    start a server, which logs to DIRECTORY/logs/NAME.log
    {"command": PID, "group": BOOL}                 also end this process, or the group that it leads
    {"stay": true}                                  keep running when stdin ends, until SIGTERM

When stdin ends, everything ends. The kernel closes the pipe even if the world's process is killed with
SIGKILL, so nothing depends on cleanup code. While the keeper runs, it holds a lock on DIRECTORY/alive. When a
server ends, its exit code is written to DIRECTORY/logs/NAME.exit.
"""

from __future__ import annotations

import fcntl
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

GRACE = 3.0  # seconds between SIGTERM and SIGKILL for the user's command


class Keeper:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.servers: dict[str, subprocess.Popen[bytes]] = {}
        self.command: tuple[int, bool] | None = None
        self.stay = False
        self.ending = False

    def serve(self) -> None:
        """Run commands from stdin until it ends or, after `stay`, until SIGTERM."""
        wake, woken = os.pipe()
        os.set_blocking(woken, False)
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.end)
        selector = selectors.DefaultSelector()
        selector.register(wake, selectors.EVENT_READ)
        selector.register(0, selectors.EVENT_READ)
        pending = b""
        while not self.ending:
            for key, _ in selector.select():
                if key.fd == wake:
                    os.read(wake, 512)
                    self.note_ended()
                    continue
                chunk = os.read(0, 1 << 16)
                *lines, pending = (pending + chunk).split(b"\n")
                for line in lines:
                    self.obey(json.loads(line))
                if not chunk:
                    selector.unregister(0)
                    self.ending = not self.stay

    def end(self, *_: object) -> None:
        self.ending = True

    def obey(self, order: dict[str, object]) -> None:
        if "start" in order:
            self.start(str(order["start"]), order["argv"], order["env"])  # type: ignore[arg-type]
        elif "command" in order:
            self.command = (int(str(order["command"])), bool(order["group"]))
        elif "stay" in order:
            self.stay = True

    def start(self, name: str, argv: list[str], env: dict[str, str]) -> None:
        with (self.directory / "logs" / f"{name}.log").open("wb") as log:
            try:
                self.servers[name] = subprocess.Popen(
                    argv, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.directory
                )
            except OSError as error:
                log.write(f"{error}\n".encode())
                self.note(name, 127)

    def note_ended(self) -> None:
        for name, server in list(self.servers.items()):
            code = server.poll()
            if code is not None:
                del self.servers[name]
                self.note(name, code)

    def note(self, name: str, code: int) -> None:
        note = self.directory / "logs" / f"{name}.exit"
        partial = note.with_suffix(".partial")
        partial.write_text(str(code))
        partial.rename(note)

    def finish(self) -> None:
        """End the command, the servers and their child processes, and remove the directory."""
        if self.command is not None:
            end_command(*self.command)
        # Child processes of the servers are in this group too. This process handles SIGTERM.
        os.killpg(os.getpgrp(), signal.SIGTERM)
        for server in self.servers.values():
            # No graceful shutdown is needed, because the data is deleted.
            server.kill()
        for server in self.servers.values():
            server.wait()
        for _ in range(20):
            shutil.rmtree(self.directory, ignore_errors=True)
            if not self.directory.exists():
                break
            time.sleep(0.05)  # a process of the group was still writing
        os.killpg(os.getpgrp(), signal.SIGKILL)


def end_command(pid: int, group: bool) -> None:
    """Send SIGTERM, and after GRACE SIGKILL, to a process or to a group."""
    send = os.killpg if group else os.kill
    with suppress(ProcessLookupError, PermissionError):
        send(pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while time.monotonic() < deadline:
            send(pid, 0)
            time.sleep(0.02)
        send(pid, signal.SIGKILL)


def main() -> None:
    directory = Path(sys.argv[1])
    with (directory / "alive").open("w") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        keeper = Keeper(directory)
        try:
            keeper.serve()
        finally:
            keeper.finish()


if __name__ == "__main__":
    main()
