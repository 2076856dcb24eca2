"""The executable `kubectl_complete-iamsa`, which kubectl asks what may stand where TAB was pressed.

It is given the words so far and the beginning of the one to complete, "" for a new one. It prints a candidate
a line, with a description after a tab, and then `:` and what the shell is to do besides.
Source: https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/plugin/plugin_completion.go
"""

from __future__ import annotations

import contextlib
import os
import sys

from .candidates import NO_FILES, Candidates, candidates
from .line import read_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def main() -> int:
    """0, whatever happens: a shell can do nothing with an error, and the user has not asked for one."""
    _leave_the_terminal_alone()
    # Nothing that goes wrong here may reach the user's prompt.
    with contextlib.suppress(BaseException):
        found = complete(sys.argv[1:], os.environ)
        sys.stdout.write("".join(f"{line}\n" for line in found.lines()))
        sys.stdout.flush()
    # What still waits for a server must not hold the prompt.
    os._exit(0)


def complete(words: Sequence[str], environ: Mapping[str, str]) -> Candidates:
    """What may follow `words[:-1]` and begins with `words[-1]`."""
    if not words:
        return Candidates((), NO_FILES)
    return candidates(read_line(words[:-1]), words[-1], environ)


def _leave_the_terminal_alone() -> None:
    """No error below the prompt; and without a terminal nobody asks for a password or a code on it."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 2)
    with contextlib.suppress(OSError):
        os.setsid()


if __name__ == "__main__":
    sys.exit(main())
