"""Check mode of `state: absent` foretells all that the run returns."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from collection.states import Json, Prepare, after, asked, made, without_service_account
from e2e.outside_changes import (
    annotated_by_helm,
    attached_by_hand,
    of_an_earlier_cluster,
    put_by_hand,
    taken_over,
)
from e2e.shop import Shop

Foretold = Callable[[Json], None]
ABSENT = {"state": "absent"}

pytestmark = [pytest.mark.warm, pytest.mark.usefixtures("cluster_admin")]

CASES: dict[str, tuple[Prepare, Json]] = {
    "all of it": (made, ABSENT),
    "keep_role": (made, {**ABSENT, "keep_role": True}),
    "keep_service_account": (made, {**ABSENT, "keep_service_account": True}),
    "both kept": (made, {**ABSENT, "keep_role": True, "keep_service_account": True}),
    "purge_policies": (after(attached_by_hand, put_by_hand), {**ABSENT, "purge_policies": True}),
    "adopt": (after(taken_over), {**ABSENT, "adopt": True}),
    "rebind": (after(of_an_earlier_cluster), {**ABSENT, "rebind": True}),
    "force_conflicts": (after(annotated_by_helm), {**ABSENT, "force_conflicts": True}),
    "no ServiceAccount": (without_service_account, ABSENT),
}


@pytest.mark.parametrize("case", CASES)
def test_the_run_does_what_was_foretold(shop: Shop, foretold: Foretold, case: str) -> None:
    prepare, options = CASES[case]
    prepare(shop)
    foretold(asked(shop, options))
