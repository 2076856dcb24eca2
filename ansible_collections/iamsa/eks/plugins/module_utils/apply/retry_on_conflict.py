# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that finds, before its first write, that somebody else was quicker looks and plans again."""

from __future__ import annotations

from collections.abc import Callable, Sized
from typing import TypeVar

from ..deadline import Deadline
from ..errors import CONFLICT, RemoteError, ResourceRef
from ..wording.text import RUN_AGAIN, Sentence

ATTEMPTS = 3

Result = TypeVar("Result")


def changed_concurrently(problem: str, resource: Sentence | ResourceRef) -> RemoteError:
    """The error of a run that finds something other than it has read, for which it looks again."""
    return RemoteError(problem, code=CONFLICT, remedy=RUN_AGAIN, resource=resource)


def retry_on_conflict(run: Callable[[], Result], deadline: Deadline, *, unless: Sized) -> Result:
    """What `run` returns, which looks and plans from the start each time.

    `unless` are the steps that it has done by then: after the first one it is not run again.
    """
    for number in range(1, ATTEMPTS + 1):
        try:
            return run()
        except RemoteError as error:
            if error.code != CONFLICT or len(unless) or number == ATTEMPTS:
                raise
        deadline.sleep(0.2 * number, "looking again")
    raise AssertionError("the last attempt returns or raises")
