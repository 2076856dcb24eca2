# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads and plans again if a run detects a concurrent change before its first write."""

from __future__ import annotations

from collections.abc import Callable, Sized
from typing import TypeVar

from ..deadline import Deadline
from ..errors import CONFLICT, RemoteError, ResourceRef
from ..wording.text import RUN_AGAIN, Sentence

ATTEMPTS = 3

Result = TypeVar("Result")


def changed_concurrently(problem: str, resource: Sentence | ResourceRef) -> RemoteError:
    """The error for a resource that has changed since it was read; retry_on_conflict retries on it."""
    return RemoteError(problem, code=CONFLICT, remedy=RUN_AGAIN, resource=resource)


def retry_on_conflict(run: Callable[[], Result], deadline: Deadline, *, unless: Sized) -> Result:
    """The result of `run`, which reads and plans from the start in each of at most ATTEMPTS attempts.

    `unless` are the steps that are done: after the first one, `run` is not repeated.
    """
    for number in range(1, ATTEMPTS + 1):
        try:
            return run()
        except RemoteError as error:
            if error.code != CONFLICT or len(unless) or number == ATTEMPTS:
                raise
        deadline.sleep(0.2 * number, "reading again")
    raise AssertionError("the last attempt returns or raises")
