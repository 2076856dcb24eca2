"""Every write of delete against every kind of fault: success or a clear error, and a re-run converges."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from e2e.faults import FAULTS, calls_of, check_that_it_converges, chosen, undisturbed
from e2e.shop import Shop
from e2e.trials import DELETES, Files, writes_of
from testbed.control import Control

NewShop = Callable[[], Shop]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_write_that_meets_it(new_shop: NewShop, control: Control, files: Files, fault: str) -> None:
    scenario = DELETES["its own"]
    wanted, calls = undisturbed(scenario, new_shop, control, files)
    for call in chosen(fault, writes_of(calls)):
        check_that_it_converges(scenario, new_shop(), control, files, call, fault, wanted)


@pytest.mark.faults
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", DELETES)
def test_every_call_that_meets_it(
    new_shop: NewShop, control: Control, files: Files, name: str, fault: str
) -> None:
    scenario = DELETES[name]
    wanted, calls = undisturbed(scenario, new_shop, control, files)
    own = [call for call in calls_of(calls) if call.upstream == FAULTS[fault].upstream]
    for call in own:
        check_that_it_converges(scenario, new_shop(), control, files, call, fault, wanted)
    assert own
