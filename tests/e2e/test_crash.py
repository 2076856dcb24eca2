"""A command that is killed at any of its writes is completed by running it again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from e2e.shop import Shop
from e2e.trials import POINTS, SCENARIOS, Files, check_that_it_survives
from pocket_eks.control import Control


@pytest.mark.parametrize(("verb", "name", "point"), POINTS)
def test_killed_at_each_write_and_run_again(
    new_warm_shop: Callable[[], Shop], control: Control, files: Files, verb: str, name: str, point: str
) -> None:
    check_that_it_survives(SCENARIOS[verb, name], new_warm_shop, control, files, point)
