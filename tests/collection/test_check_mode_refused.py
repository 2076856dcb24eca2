"""Check mode of `iamsa.eks.iam_serviceaccount` fails as the run does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from collection.states import (
    LARGE,
    READER,
    Json,
    Prepare,
    after,
    annotated_with_another,
    annotated_with_it,
    asked,
    forged_tags,
    made,
    nothing,
    somebody_s_full_role,
    somebody_s_role,
)
from e2e.outside_changes import (
    annotated_by_helm,
    attached_by_hand,
    crammed_by_hand,
    of_an_earlier_cluster,
    put_by_hand,
    taken_over,
    trusted_besides,
)
from e2e.shop import SQS, Shop, aws_managed
from pocket_eks.control import Control

Play = Callable[["list[Json]"], "list[Json]"]
GONE = {"state": "absent"}

pytestmark = [pytest.mark.warm, pytest.mark.usefixtures("cluster_admin")]

PRESENT: dict[str, tuple[Prepare, Json]] = {
    "somebody's role": (somebody_s_role, {}),
    "forged tags": (forged_tags, {}),
    "unmanaged trust": (after(trusted_besides), {"policies": [SQS]}),
    "an earlier cluster": (after(of_an_earlier_cluster), {}),
    "annotated with somebody's role": (annotated_with_it, {}),
    "annotated with another account's": (annotated_with_another, {}),
    "an annotation of Helm's": (after(annotated_by_helm), {"role_name": "{namespace}-role"}),
    "another document": (after(put_by_hand), {"policies": [{"name": "by-hand", "document": READER}]}),
    "another path": (made, {"path": "/team/"}),
    "no room for a document": (after(crammed_by_hand), {"policies": [{"name": "more", "document": LARGE}]}),
    "no room in the trust policy": (somebody_s_full_role, {"adopt": True}),
    "no such policy": (nothing, {"policies": ["NoSuchPolicy"]}),
    "no such boundary": (nothing, {"permissions_boundary": aws_managed("NoSuchPolicy")}),
    "an audience that is not listed": (nothing, {"audience": "unlisted"}),
}

ABSENT: dict[str, tuple[Prepare, Json]] = {
    "a policy by hand": (after(attached_by_hand), GONE),
    "a document by hand": (after(put_by_hand), GONE),
    "unmanaged trust": (after(trusted_besides), GONE),
    "an earlier cluster": (after(of_an_earlier_cluster), GONE),
    "taken over": (after(taken_over), GONE),
    "an annotation of Helm's": (after(annotated_by_helm), GONE),
    "somebody's role": (annotated_with_it, GONE),
}


@pytest.mark.parametrize("cases", [PRESENT, ABSENT], ids=["present", "absent"])
def test_a_run_fails_as_was_foretold_and_writes_nothing(
    new_shop: Callable[[], Shop],
    play: Play,
    control: Control,
    writes: Callable[[], list[str]],
    cases: dict[str, tuple[Prepare, Json]],
) -> None:
    tasks = []
    for prepare, options in cases.values():
        shop = new_shop()
        prepare(shop)
        task = asked(shop, options)
        tasks += [{**task, "check_mode": True}, task]
    control.clear_calls()
    results = play(tasks)
    wrote = writes()
    for case, foretold, failed in zip(cases, results[::2], results[1::2], strict=True):
        assert foretold["failed"], case
        assert foretold["error"]["kind"] in ("refused", "not_found"), case
        assert foretold["error"]["remedy"], case
        assert failed == foretold, case
    assert wrote == []
