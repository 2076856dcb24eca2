# SPDX-License-Identifier: GPL-3.0-or-later

"""Read files that a kubeconfig or a flag names, including pipes and devices.

A pipe is read to its end, so that `--kubeconfig <(command)` works. The run's deadline ends the read of a pipe
that nothing writes to, and a size limit ends that of an endless device.
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
    """Return the content of a file that must exist; `what` names it in errors.

    Raises:
        InvalidFile: it cannot be read.
        TimedOut: it was not read to its end within the run's time.
    """
    try:
        return read_limited(path, what, deadline)
    except (OSError, ValueError) as error:
        raise InvalidFile(
            "could not read " + what + f" ({printable(str(path))}): {reason(error)}",
            remedy="specify a readable file",
            resource=str(path),
        ) from None


def read_limited(path: Path, what: Sentence, deadline: Deadline) -> bytes:
    """Return the content of a file of at most LIMIT_BYTES.

    Raises:
        OSError, ValueError: it cannot be read; EFBIG if it is too large.
        TimedOut: it was not read to its end within the run's time.
    """
    try:
        return bounded(f"reading {printable(str(path))}", lambda: _content(path), deadline, last_words=0)
    except TimedOut:
        raise TimedOut(
            "could not read all of " + what + f" ({printable(str(path))}) within {deadline.seconds:g} s",
            remedy="specify a regular file, or check the process that writes to this one",
            resource=str(path),
        ) from None


def reason(error: OSError | ValueError) -> str:
    """Return why a file cannot be read, in lower case, for use in a sentence."""
    return (getattr(error, "strerror", None) or "the path is not valid").lower()


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(LIMIT_BYTES + 1)
    if len(content) > LIMIT_BYTES:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return content
