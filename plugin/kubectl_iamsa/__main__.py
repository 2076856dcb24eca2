"""The executable `kubectl-iamsa`, which kubectl runs as `kubectl iamsa`."""

from __future__ import annotations

import gc
import sys

from .cli import run
from .terminal.interrupts import raised_at_once


def main() -> int:
    # What a run loads stays until its end: looking for garbage among it took a tenth of the time. Only a run
    # that waits or works for long makes so much more.
    gc.set_threshold(500_000)
    if sys.argv[1:2] == ["__complete"]:
        from .completion.__main__ import main as complete  # noqa: PLC0415

        del sys.argv[1]
        return complete()
    # Every signal ends the run as Ctrl-C does, so that nothing is left running.
    with raised_at_once():
        return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
