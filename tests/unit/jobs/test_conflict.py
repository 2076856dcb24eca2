"""What comes between the attempts at one write."""

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import CONFLICT, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.conflict import attempts


class CountedPauses(Deadline):
    def __init__(self) -> None:
        super().__init__(60)
        self.events: list[str] = []

    def sleep(self, seconds: float, doing: str) -> None:
        self.events.append(f"pause {seconds:g}")


def test_a_pause_stands_between_attempts_and_none_after_the_last() -> None:
    deadline = CountedPauses()
    with pytest.raises(RemoteError) as error:
        for attempt in attempts(Subject("web", "app"), deadline):
            deadline.events.append(f"attempt {attempt}")
    assert error.value.code == CONFLICT
    assert deadline.events == ["attempt 0", "pause 0.1", "attempt 1", "pause 0.2", "attempt 2"]
