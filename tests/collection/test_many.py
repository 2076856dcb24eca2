"""`service_accounts:` of `iamsa.eks.iam_serviceaccount`: many in one task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from e2e.shop import S3, SQS, Shop, as_done, undated
from pocket_eks.control import Control

Json = dict[str, Any]
Play = Callable[["list[Json]"], "list[Json]"]
Task = Callable[..., Json]
MODULE = "iam_serviceaccount"

pytestmark = [pytest.mark.warm, pytest.mark.usefixtures("cluster_admin")]


@pytest.fixture
def several(shop: Shop) -> Json:
    """A task for three ServiceAccounts that share namespace and tags."""
    return {
        "namespace": shop.namespace,
        "policies": [S3],
        "tags": {"team": "web"},
        "service_accounts": [
            {"name": "shop"},
            {"name": "queue", "policies": [SQS], "tags": {"team": "queue"}},
            {"name": "idle", "max_session_duration": "2h"},
        ],
    }


def test_each_is_foretold_done_and_left_alone_the_second_time(play: Play, several: Json) -> None:
    asked = {MODULE: several, "diff": True}
    foretold, done, again = play([{**asked, "check_mode": True}, asked, asked])
    assert undated(done) == as_done(foretold)
    assert [one["service_account"]["name"] for one in done["results"]] == ["shop", "queue", "idle"]
    assert all(one["changed"] for one in done["results"])
    assert not again["changed"]
    assert again["diff"] == []


def test_an_item_says_otherwise_than_the_task(task: Task, several: Json) -> None:
    results = task(MODULE, **several)["results"]
    roles = [one["service_account_role"]["spec"]["role"] for one in results]
    assert [one["tags"]["team"] for one in roles] == ["web", "queue", "web"]
    assert [one["maxSessionDuration"] for one in roles] == ["1h", "1h", "2h"]


def test_the_cluster_is_read_once(task: Task, several: Json, control: Control) -> None:
    control.clear_calls()
    task(MODULE, **several)
    counted = Counter(call["action"] for call in control.calls())
    assert counted["eks:DescribeCluster"] == 1
    assert counted["iam:GetOpenIDConnectProvider"] == 1


def test_a_failure_of_one_does_not_hide_the_others(shop: Shop, task: Task, several: Json) -> None:
    several["service_accounts"][1]["policies"] = ["NoSuchPolicy"]
    failed = task(MODULE, **several, _fails=True)
    assert failed["msg"].startswith(f"{shop.namespace}/queue: there is no managed policy named No")
    assert failed["msg"].endswith(". 3 ServiceAccounts: 1 failed, 2 changed")
    assert [one["failed"] for one in failed["results"]] == [False, True, False]
    assert failed["changed"]
    assert shop.attached() == {S3}


def test_a_namespace_is_made_once(play: Play, several: Json, unique: Callable[[str], str]) -> None:
    several.update(namespace=unique("many"), create_namespace=True)
    foretold, done = play([{MODULE: several, "check_mode": True}, {MODULE: several}])
    made = [step["kind"] for one in done["results"] for step in one["steps"] if step["kind"] == "namespace"]
    assert made == ["namespace"]
    assert [one["steps"] for one in foretold["results"]] == [one["steps"] for one in done["results"]]


def test_a_provider_is_made_once(shop: Shop, play: Play, several: Json, provider: str) -> None:
    shop.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    several["create_oidc_provider"] = True
    foretold, done = play([{MODULE: several, "check_mode": True}, {MODULE: several}])
    made = [step["kind"] for one in done["results"] for step in one["steps"] if step["verb"] == "create"]
    assert Counter(made) == {"oidc-provider": 1, "role": 3, "serviceaccount": 3}
    assert [one["steps"] for one in foretold["results"]] == [one["steps"] for one in done["results"]]


def test_present_and_absent_in_one_task(shop: Shop, play: Play, several: Json) -> None:
    play([{MODULE: several}])
    several["service_accounts"][0]["state"] = "absent"
    done, again = play([{MODULE: several}, {MODULE: several}])
    assert [one["changed"] for one in done["results"]] == [True, False, False]
    assert shop.role() is None
    assert not again["changed"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"name": "queue"},
            'invalid value "{namespace}/queue" for service_accounts: must not occur twice; merge the'
            " two items",
        ),
        ({"role_name": "Same"}, 'invalid value "same" for role_name: must not be used by two items'),
    ],
)
def test_two_items_never_work_on_the_same(
    task: Task, shop: Shop, several: Json, change: Json, sentence: str
) -> None:
    several["service_accounts"][1]["role_name"] = "same"
    several["service_accounts"][2].update(change)
    failed = task(MODULE, **several, _fails=True)
    assert failed["msg"].startswith(sentence.format(namespace=shop.namespace))
