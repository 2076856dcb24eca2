"""What is made once for all worlds of a user, and kept."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def cache_directory(name: str = "pocket-eks") -> Path:
    """$XDG_CACHE_HOME/`name`, in ~/.cache by default; made if missing."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    directory = Path(base).absolute() / name
    directory.mkdir(parents=True, exist_ok=True)
    return directory


@contextmanager
def locked(directory: Path, doing: str) -> Iterator[None]:
    """Hold the directory's own lock: no lock file is left lying about. Who waits is told that another process
    `doing`, as "builds the control plane"."""
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
