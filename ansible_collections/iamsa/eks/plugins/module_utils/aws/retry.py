# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for AWS to catch up with itself, always bounded.

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
# How long reads may hide a role that was there a moment ago, before it is taken to be gone.
HIDDEN_SECONDS = 15.0


def retried(
    call: Callable[[], Result],
    deadline: Deadline,
    doing: str,
    *,
    seconds: float,
    when: Callable[[IamsaError], bool],
) -> Result:
    """Call again with growing pauses while it fails in the way that `when` knows, for `seconds` at most."""
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
    """What `look` finds of a write that was answered, once it finds something.

    Raises:
        TimedOut: a minute has passed without it.
        IamsaError: it cannot be looked at; as the write was sent, this one is always `uncertain`.
    """
    try:
        found = found_within(CATCH_UP_SECONDS, look, deadline, doing)
    except IamsaError as error:
        error.uncertain = True
        raise
    if found is None:
        raise TimedOut(f"gave up {doing} after {CATCH_UP_SECONDS:g} s", remedy=RUN_AGAIN)
    return found


def found_within(
    seconds: float, look: Callable[[], Result | None], deadline: Deadline, doing: str
) -> Result | None:
    """What `look` finds, once it finds something; None where it finds nothing for `seconds`."""
    end = time.monotonic() + seconds
    for pause in _pauses():
        found = look()
        if found is not None or time.monotonic() + pause > end:
            return found
        deadline.sleep(pause, doing)
    raise AssertionError("pauses never end")


def patience(deadline: Deadline) -> float:
    """How many seconds to look for what was written; whoever waits for the run gives up at its deadline."""
    return min(CATCH_UP_SECONDS, deadline.remaining - 1.0)


def shown_in_time(title: str, look: Callable[[], bool], deadline: Deadline) -> str | None:
    """Look until IAM shows what was written; where it does not in time, a notice, and no failure.

    `title` names what was written, as in "the tags of role x".
    """
    try:
        if found_within(
            patience(deadline),
            lambda: look() or None,
            deadline,
            f"waiting until IAM shows {title} as written",
        ):
            return None
    except TimedOut:
        pass
    return f"IAM does not show {title} as written yet"


def has_code(*codes: str) -> Callable[[IamsaError], bool]:
    return lambda error: isinstance(error, RemoteError) and error.code in codes


def may_be_sent_again(error: IamsaError) -> bool:
    """Whether a write that botocore does not send again may be: it was not done, or that is not known."""
    return error.uncertain or has_code(CONCURRENT, *THROTTLED)(error)


def _pauses(first: float = 0.2, longest: float = 2.0) -> Iterator[float]:
    pause = first
    while True:
        yield pause * random.uniform(0.75, 1.25)
        pause = min(longest, pause * 1.6)
