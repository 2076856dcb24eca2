# SPDX-License-Identifier: GPL-3.0-or-later

"""Bounded retries and waits for AWS.

IAM is eventually consistent: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from ..deadline import Deadline
from ..errors import IamsaError, RemoteError, TimedOut
from ..wording.text import RUN_AGAIN
from .call import THROTTLED

Result = TypeVar("Result")

CONCURRENT = "ConcurrentModification"
CONCURRENT_SECONDS = 120.0
CATCH_UP_SECONDS = 60.0
# How long a role that was just seen may be missing from reads before it is considered deleted.
HIDDEN_SECONDS = 15.0


def retried(
    call: Callable[[], Result],
    deadline: Deadline,
    doing: str,
    *,
    seconds: float,
    when: Callable[[IamsaError], bool],
) -> Result:
    """What `call` returns; retried with growing pauses for `seconds` while `when` is true of its error."""
    end = time.monotonic() + seconds
    for pause in _pauses():
        try:
            return call()
        except IamsaError as error:
            if not when(error) or time.monotonic() + pause > end:
                raise
        deadline.sleep(pause, doing)
    raise AssertionError("pauses never end")


def awaited(look: Callable[[], Result | None], deadline: Deadline, doing: str) -> Result:
    """What `look` finds after a write, once it is not None.

    Raises:
        TimedOut: nothing was found within CATCH_UP_SECONDS.
        IamsaError: `look` failed; the error is always `uncertain`, because the write was sent.
    """
    try:
        found = found_within(CATCH_UP_SECONDS, look, deadline, doing)
    except IamsaError as error:
        error.uncertain = True
        raise
    if found is None:
        raise TimedOut(f"timed out after {CATCH_UP_SECONDS:g} s {doing}", remedy=RUN_AGAIN)
    return found


def found_within(
    seconds: float, look: Callable[[], Result | None], deadline: Deadline, doing: str
) -> Result | None:
    """What `look` finds, once it is not None; None if nothing was found within `seconds`."""
    end = time.monotonic() + seconds
    for pause in _pauses():
        found = look()
        if found is not None or time.monotonic() + pause > end:
            return found
        deadline.sleep(pause, doing)
    raise AssertionError("pauses never end")


def patience(deadline: Deadline) -> float:
    """How many seconds to wait for a write to become visible: less than what is left of the run."""
    return min(CATCH_UP_SECONDS, deadline.remaining - 1.0)


def shown_in_time(title: str, look: Callable[[], bool], deadline: Deadline) -> str | None:
    """Wait until `look` is true: IAM shows the change. Returns a notice if it does not in time.

    `title` names what was changed, such as "the tags of role x".
    """
    try:
        if found_within(
            patience(deadline),
            lambda: look() or None,
            deadline,
            f"waiting for IAM to show the change to {title}",
        ):
            return None
    except TimedOut:
        pass
    return f"IAM does not show the change to {title} yet"


def has_code(*codes: str) -> Callable[[IamsaError], bool]:
    """A test for a RemoteError with one of these codes."""
    return lambda error: isinstance(error, RemoteError) and error.code in codes


def may_be_sent_again(error: IamsaError) -> bool:
    """Whether to retry a write that botocore does not retry: it did not, or may not, take effect."""
    return error.uncertain or has_code(CONCURRENT, *THROTTLED)(error)


def _pauses(first: float = 0.2, longest: float = 2.0) -> Iterator[float]:
    pause = first
    while True:
        yield pause * random.uniform(0.75, 1.25)
        pause = min(longest, pause * 1.6)
