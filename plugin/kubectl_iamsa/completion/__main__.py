"""The executable `kubectl_complete-iamsa`, which kubectl runs for completion when TAB is pressed.

Its arguments are the words so far, and the beginning of the word to complete, which is "" for a new word. It
prints one candidate per line, with a description after a tab, and then `:` and a directive for the shell.
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
    """Print the candidates. The exit code is always 0, because a shell cannot handle an error."""
    _leave_the_terminal_alone()
    # An error would be printed on the user's prompt.
    with contextlib.suppress(BaseException):
        found = complete(sys.argv[1:], os.environ)
        sys.stdout.write("".join(f"{line}\n" for line in found.lines()))
        sys.stdout.flush()
    # A pending request must not block the prompt.
    os._exit(0)


def complete(words: Sequence[str], environ: Mapping[str, str]) -> Candidates:
    """Return the candidates after `words[:-1]` that begin with `words[-1]`."""
    if not words:
        return Candidates((), NO_FILES)
    return candidates(read_line(words[:-1]), words[-1], environ)


def _leave_the_terminal_alone() -> None:
    """Print no errors, and let no program ask for a password or a code."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 2)
    with contextlib.suppress(OSError):
        os.setsid()


if __name__ == "__main__":
    sys.exit(main())
