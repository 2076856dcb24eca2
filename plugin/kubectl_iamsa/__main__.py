"""The executable `kubectl-iamsa`, which kubectl runs as `kubectl iamsa`."""

from __future__ import annotations

import gc
import sys

from .cli import run


def main() -> int:
    # A run is short, and what it loads stays until its end: looking for garbage took a tenth of its time.
    gc.disable()
    if sys.argv[1:2] == ["__complete"]:
        from .completion.__main__ import main as complete  # noqa: PLC0415

        del sys.argv[1]
        return complete()
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
