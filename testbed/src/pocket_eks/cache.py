"""The cache of files that all worlds of a user share."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def cache_directory(name: str = "pocket-eks") -> Path:
    """Return $XDG_CACHE_HOME/`name`, by default in ~/.cache. Creates it if it does not exist."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    directory = Path(base).absolute() / name
    directory.mkdir(parents=True, exist_ok=True)
    return directory


@contextmanager
def locked(directory: Path, doing: str) -> Iterator[None]:
    """Lock the directory itself, so that no lock file remains.

    A process that waits for the lock prints that another process `doing`, for example "builds the control
    plane".
    """
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"waiting for another process that {doing}", file=sys.stderr, flush=True)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
