"""Prints results to stdout and everything else to stderr, in the words of the command line."""

from __future__ import annotations

import os

from ..spelling import spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Sentence


class Console:
    """stdout and stderr. If one of them fails, the run continues.

    `lost` is the reason why results could not be written, or None. `colors` is whether to color results.
    """

    def __init__(self, stdout: TextIO | None, stderr: TextIO | None) -> None:
        self.stdout = stdout
        self.stderr = stderr
        self.lost: OSError | None = None
        self.colors = False
        self._has_status = False

    def result(self, text: Sentence) -> None:
        """Print a line that scripts may read."""
        self._clear_status()
        if not self.lost:
            self.lost = _write(self.stdout, printable(spelled(text)))

    def painted(self, *pieces: tuple[Sentence, str], keep: str = "") -> None:
        """Print one line of results, made of texts that each have a color (SGR) or ""."""
        line = "".join(self._painted(printable(spelled(text), keep), color) for text, color in pieces)
        self._clear_status()
        if not self.lost:
            self.lost = _write(self.stdout, line)

    def _painted(self, text: str, color: str) -> str:
        return f"\x1b[{color}m{text}\x1b[0m" if color and self.colors else text

    def notice(self, text: Sentence) -> None:
        """Print a line for people."""
        self._clear_status()
        _write(self.stderr, printable(spelled(text)))

    def prompt(self, text: str) -> None:
        """Print a question; the cursor stays on its line."""
        self._clear_status()
        _write(self.stderr, printable(text), end="")

    def status(self, text: str) -> None:
        """Print a status line on a terminal, which the next status or line overwrites. "" clears it."""
        if text or self._has_status:
            self._has_status = bool(text)
            _write(self.stderr, f"\r{printable(text, keep='')}\x1b[K", end="")

    def _clear_status(self) -> None:
        self.status("")

    def error(self, problem: Sentence, hint: Sentence = "") -> None:
        """Print the problem and the remedy: two lines on a terminal, one line elsewhere."""
        said = [*filter(None, (printable(spelled(text), keep="") for text in (problem, hint)))]
        if _is_a_tty(self.stderr):
            said = ["\nhint: ".join(said)]
        self.notice("error: " + "; ".join(said))


def printable(text: str, keep: str = "\n\t") -> str:
    """Escape control characters, so that nothing read from a cluster can control the terminal."""
    return "".join(char if char.isprintable() or char in keep else ascii(char)[1:-1] for char in text)


def takes_color(stream: TextIO | None, environ: Mapping[str, str], when: str = "auto") -> bool:
    """Return whether to color the output, as set by --color. By default, on a terminal without NO_COLOR.

    Source: https://no-color.org
    """
    if when == "auto":
        return not environ.get("NO_COLOR") and is_terminal(stream, environ)
    return when == "always"


def is_terminal(stream: TextIO | None, environ: Mapping[str, str]) -> bool:
    """Return whether the stream is a terminal that can move the cursor."""
    return environ.get("TERM") != "dumb" and _is_a_tty(stream)


def _is_a_tty(stream: TextIO | None) -> bool:
    if stream is None:
        return False
    try:
        return stream.isatty()
    except ValueError:
        return False


def _write(stream: TextIO | None, text: str, end: str = "\n") -> OSError | None:
    if stream is None:
        return None
    encoding = getattr(stream, "encoding", None) or "utf-8"
    writable = text.encode(encoding, "backslashreplace").decode(encoding)
    try:
        print(writable, end=end, file=stream, flush=True)
    except OSError as error:
        _forget(stream)
        return error
    return None


def _forget(stream: TextIO) -> None:
    """Keep Python from flushing the stream at exit and reporting an error, because the reader closed it."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass
