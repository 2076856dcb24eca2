"""Every call of verbs that write against every fault: success or a clear error, and a re-run converges."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from e2e.fault_trials import Trials
from e2e.faults import FAULTS, meeting
from e2e.trials import SCENARIOS


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("verb", "name"), SCENARIOS)
def test_every_call_that_meets_it(
    new_trials: Callable[..., Trials],
    verb: str,
    name: str,
    fault: str,
    record_property: Callable[[str, object], None],
) -> None:
    trials = new_trials(SCENARIOS[verb, name])
    wanted, calls = trials.undisturbed()
    record_property("cases", trials.check(fault, meeting(fault, calls), wanted))
