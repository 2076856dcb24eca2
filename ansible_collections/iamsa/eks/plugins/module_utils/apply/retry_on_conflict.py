# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that finds, before its first write, that somebody else was quicker looks again and plans anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from ..deadline import Deadline
from ..errors import RemoteError
from ..kube.api.service_accounts import CONFLICT

ATTEMPTS = 3

Result_co = TypeVar("Result_co", covariant=True)


def changed_meanwhile(problem: str, resource: str) -> RemoteError:
    """The error of a run that finds something other than it has read: `attempted` looks again for it."""
    return RemoteError(problem, code=CONFLICT, remedy="run the same command again", resource=resource)


class Attempt(Protocol, Generic[Result_co]):
    """One run: what it has seen, and whether it has changed anything yet."""

    has_written: bool

    def to_the_end(self) -> Result_co: ...


def attempted(look: Callable[[], Attempt[Result_co]], deadline: Deadline) -> Result_co:
    """What a run returns; `look` makes one with fresh reads."""
    for number in range(1, ATTEMPTS + 1):
        attempt = look()
        try:
            return attempt.to_the_end()
        except RemoteError as error:
            if error.code != CONFLICT or attempt.has_written or number == ATTEMPTS:
                raise
        deadline.sleep(0.2 * number, "looking again")
    raise AssertionError("the last attempt returns or raises")
