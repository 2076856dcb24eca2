"""A update that dies at any write is completed by running the same command again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from e2e.shop import Shop
from e2e.trials import UPDATES, Files, check_that_it_survives, each_point
from pocket_eks.control import Control

NewShop = Callable[[], Shop]


@pytest.mark.parametrize(("name", "point"), each_point(UPDATES))
def test_killed_at_each_write_and_run_again(
    new_warm_shop: NewShop, control: Control, files: Files, name: str, point: str
) -> None:
    check_that_it_survives(UPDATES[name], new_warm_shop, control, files, point)
