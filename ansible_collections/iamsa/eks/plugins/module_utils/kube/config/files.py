# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads files that a kubeconfig or a flag names, of whatever kind they are.

A pipe is read to its end, so that `--kubeconfig <(command)` works; one that nobody writes to ends with the
run's time, and a device without an end at a size that no such file has.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from ...concurrency import bounded
from ...deadline import Deadline
from ...errors import InvalidFile, TimedOut
from ...wording.text import Sentence
from .text import printable

LIMIT_BYTES = 4 * 1024 * 1024


def read_bytes(path: Path, what: Sentence, deadline: Deadline) -> bytes:
    """The content of a file that must be there; `what` begins the sentence that says that it is not.

    Raises:
        InvalidFile: it cannot be read.
        TimedOut: it has no end within the run's time.
    """
    try:
        return read_limited(path, what, deadline)
    except (OSError, ValueError) as error:
        raise InvalidFile(
            what + f", {printable(str(path))}, cannot be read: {reason(error)}",
            remedy="name a file that can",
            resource=str(path),
        ) from None


def read_limited(path: Path, what: Sentence, deadline: Deadline) -> bytes:
    """The content of a file; what keeps it from being read is raised as it comes.

    Raises:
        OSError, ValueError: it cannot be read; EFBIG where it is larger than LIMIT_BYTES.
        TimedOut: it has no end within the run's time.
    """
    try:
        return bounded(f"reading {printable(str(path))}", lambda: _content(path), deadline, last_words=0)
    except TimedOut:
        raise TimedOut(
            what + f", {printable(str(path))}, could not be read to its end within {deadline.seconds:g} s",
            remedy="name a regular file, or find out why nothing comes out of this one",
            resource=str(path),
        ) from None


def reason(error: OSError | ValueError) -> str:
    """Why a file cannot be read, as a sentence goes on."""
    return (getattr(error, "strerror", None) or "its path cannot be right").lower()


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(LIMIT_BYTES + 1)
    if len(content) > LIMIT_BYTES:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return content
