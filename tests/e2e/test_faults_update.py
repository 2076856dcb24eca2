"""Every call of update against every kind of fault: success or a clear error, and a re-run converges."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from e2e.fault_trials import Trials
from e2e.faults import FAULTS, chosen, meeting, share_of
from e2e.trials import UPDATES, Scenario

NewTrials = Callable[..., Trials]


@pytest.mark.parametrize("fault", share_of("update"))
def test_a_write_that_meets_it(new_trials: NewTrials, fault: str) -> None:
    trials = new_trials(UPDATES["adds"])
    wanted, calls = trials.undisturbed()
    assert trials.check(fault, chosen(fault, calls), wanted)


@pytest.mark.faults
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("scenario", UPDATES.values(), ids=UPDATES)
def test_every_call_that_meets_it(
    new_trials: NewTrials, scenario: Scenario, fault: str, record_property: Callable[[str, object], None]
) -> None:
    trials = new_trials(scenario)
    wanted, calls = trials.undisturbed()
    record_property("cases", trials.check(fault, meeting(fault, calls), wanted))
