"""Writes that meet a fault: success or a clear error, and the same command again converges.

The verbs share out the faults; `faults/` has every call of every command meet every fault.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from e2e.fault_trials import Trials
from e2e.faults import VERBS, chosen, share_of
from e2e.trials import FIRST, SCENARIOS


@pytest.mark.parametrize(("verb", "fault"), [(verb, fault) for verb in VERBS for fault in share_of(verb)])
def test_a_write_that_meets_it(new_trials: Callable[..., Trials], verb: str, fault: str) -> None:
    trials = new_trials(SCENARIOS[verb, FIRST[verb]], really=verb == "create")
    wanted, calls = trials.undisturbed()
    assert trials.check(fault, chosen(fault, calls), wanted)
