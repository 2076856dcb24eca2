"""Records `make demo` as docs/demo.svg: `python -m docs.recording`, in a world. `make recording` runs it.

The demo runs in its own terminal, so that it prints what it would print for a user.
"""

from __future__ import annotations

import os
import pty
import sys
import time
from pathlib import Path

from docs.animation import Line, animation

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "tests" / "demo.py"
PICTURE = Path(__file__).with_name("demo.svg")
TITLE = "kubectl iamsa create gives a ServiceAccount its own IAM role"
DESCRIPTION = (
    "One command creates the role and annotates the ServiceAccount. The webhook injects the role into its pods."
    " AWS accepts the token of a pod, and rejects the token of another ServiceAccount."
    " Running the command again changes nothing."
)


def recorded(argv: list[str]) -> list[Line]:
    """Return the lines that a program prints on a terminal, without empty lines at the beginning.

    Raises:
        ValueError: the program fails, or moves the cursor, which the picture cannot show.
    """
    lines: list[Line] = []
    begun = time.monotonic()
    rest = ""

    def read(terminal: int) -> bytes:
        nonlocal rest
        data = os.read(terminal, 65536)
        *whole, rest = (rest + data.decode()).split("\r\n")
        at = time.monotonic() - begun
        lines.extend(Line(text, at) for text in whole)
        return data

    status = os.waitstatus_to_exitcode(pty.spawn(argv, read))
    if status or rest:
        raise ValueError(f"{argv[-1]} ended with exit code {status} and the unfinished line {rest!r}")
    odd = next((line.text for line in lines if not line.text.isprintable()), None)
    if odd is not None:
        raise ValueError(f"{argv[-1]} prints more than text: {odd!r}")
    first = next(number for number, line in enumerate(lines) if line.text)
    return [Line(line.text, line.at - lines[first].at) for line in lines[first:]]


def main() -> int:
    PICTURE.write_text(animation(recorded([sys.executable, str(DEMO)]), TITLE, DESCRIPTION))
    return 0


if __name__ == "__main__":
    sys.exit(main())
