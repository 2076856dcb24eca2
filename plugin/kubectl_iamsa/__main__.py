"""The executable `kubectl-iamsa`, which kubectl runs as `kubectl iamsa`."""

from __future__ import annotations

import gc
import sys

from .cli import run
from .terminal.interrupts import raised_at_once


def main() -> int:
    # Garbage collection took a tenth of the time, although almost everything that is loaded is used until the
    # end. Only long runs reach this threshold.
    gc.set_threshold(500_000)
    if sys.argv[1:2] == ["__complete"]:
        from .completion.__main__ import main as complete  # noqa: PLC0415

        del sys.argv[1]
        return complete()
    # Every signal ends the run as Ctrl-C does, so that child processes are stopped.
    with raised_at_once():
        return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
