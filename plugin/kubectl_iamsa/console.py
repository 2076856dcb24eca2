"""Where text goes: results to stdout, everything else to stderr."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True)
class Console:
    stdout: TextIO
    stderr: TextIO

    def result(self, text: str) -> None:
        """A line that a script may read."""
        print(printable(text), file=self.stdout, flush=True)

    def notice(self, text: str) -> None:
        """A line for people."""
        print(printable(text), file=self.stderr, flush=True)


def printable(text: str) -> str:
    """Control characters escaped, so that nothing read from a cluster can steer the terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else ascii(char)[1:-1] for char in text)
