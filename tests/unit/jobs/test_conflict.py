# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A ServiceAccount that somebody else changes: attempts at one write, and what is planned again for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from unit.fakes.examples import SUBJECT

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import CONFLICT, Refused, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.conflict import attempts, in_place_of
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.base import Phase
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.kubernetes import PatchAnnotations
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step

STEP = PatchAnnotations(SUBJECT, {"key": None}, "1", Phase.RELEASE)


class CountedPauses(Deadline):
    def __init__(self, events: list[str]) -> None:
        super().__init__(60)
        self._events = events

    def sleep(self, seconds: float, _doing: str) -> None:
        self._events.append(f"pause {seconds:g}")


def attempt_all(events: list[str]) -> None:
    for attempt in attempts(SUBJECT, CountedPauses(events)):
        events.append(f"attempt {attempt}")


def test_a_pause_stands_between_attempts_and_none_after_the_last() -> None:
    events: list[str] = []
    with pytest.raises(RemoteError) as error:
        attempt_all(events)
    assert error.value.code == CONFLICT
    assert events == ["attempt 0", "pause 0.1", "attempt 1", "pause 0.2", "attempt 2"]


def test_nothing_is_written_where_a_later_step_is_refused() -> None:
    def planned_again() -> Iterator[Step]:
        yield STEP
        raise Refused("the ServiceAccount is another one's by now")

    with pytest.raises(Refused):
        in_place_of(STEP, planned_again())
