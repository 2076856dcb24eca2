"""Where text goes: results to stdout, everything else to stderr."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


class Console:
    """Two streams, either of which may be closed or break without stopping the work that goes on.

    `lost` is why results could not be written, or None.
    """

    def __init__(self, stdout: TextIO | None, stderr: TextIO | None) -> None:
        self.stdout = stdout
        self.stderr = stderr
        self.lost: OSError | None = None

    def result(self, text: str) -> None:
        """A line that a script may read."""
        if not self.lost:
            self.lost = _write(self.stdout, text)

    def notice(self, text: str) -> None:
        """A line for people."""
        _write(self.stderr, text)

    def prompt(self, text: str) -> None:
        """A question for people; the cursor stays behind it."""
        _write(self.stderr, text, end="")

    def error(self, text: str) -> None:
        """What went wrong, always on one line."""
        self.notice("error: " + printable(text, keep=""))


def printable(text: str, keep: str = "\n\t") -> str:
    """Control characters escaped, so that nothing read from a cluster can steer the terminal."""
    return "".join(char if char.isprintable() or char in keep else ascii(char)[1:-1] for char in text)


def _write(stream: TextIO | None, text: str, end: str = "\n") -> OSError | None:
    if stream is None:
        return None
    encoding = getattr(stream, "encoding", None) or "utf-8"
    writable = printable(text).encode(encoding, "backslashreplace").decode(encoding)
    try:
        print(writable, end=end, file=stream, flush=True)
    except OSError as error:
        _forget(stream)
        return error
    return None


def _forget(stream: TextIO) -> None:
    """Nobody reads it any more: Python must not try again, and complain, when it ends."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass
