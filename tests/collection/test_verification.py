"""`wait` of `iam_serviceaccount` and `verify` of its info module, under real Ansible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from e2e.shop import ROLE_ARN, S3, Shop
from pocket_eks.control import Control

Json = dict[str, Any]
Task = Callable[..., Json]
MODULE, INFO = "iam_serviceaccount", "iam_serviceaccount_info"
ASSUME = "sts:AssumeRoleWithWebIdentity"
DENIED = {"error": "AccessDenied"}

pytestmark = [pytest.mark.warm, pytest.mark.usefixtures("cluster_admin")]


def assumptions(control: Control) -> int:
    return sum(call["action"] == ASSUME for call in control.calls())


def verdict(result: Json) -> str | None:
    """What came of the proof; None where none was asked for."""
    found: str | None = result["service_account_role"]["status"].get("verification", {}).get("verdict")
    return found


class TestWait:
    def test_it_waits_until_the_role_is_assumable(self, shop: Shop, task: Task, control: Control) -> None:
        control.fault("aws", ASSUME, DENIED, times=3)
        done = task(MODULE, name="shop", namespace=shop.namespace, policies=[S3], wait=True)
        assert (done["changed"], verdict(done)) == (True, "yes")
        assert assumptions(control) == 4

    def test_without_it_nothing_is_proven(self, shop: Shop, task: Task, control: Control) -> None:
        done = task(MODULE, name="shop", namespace=shop.namespace, policies=[S3])
        assert (verdict(done), assumptions(control)) == (None, 0)

    def test_in_check_mode_nothing_is_proven(self, shop: Shop, task: Task, control: Control) -> None:
        done = task(MODULE, name="shop", namespace=shop.namespace, policies=[S3], wait=True, _check=True)
        assert (done["changed"], verdict(done), assumptions(control)) == (True, None, 0)

    def test_in_vain_the_task_fails_and_says_what_it_did(
        self, shop: Shop, task: Task, control: Control
    ) -> None:
        control.fault("aws", ASSUME, DENIED, times=None)
        options = {"name": "shop", "namespace": shop.namespace, "policies": [S3], "wait": True}
        failed = task(MODULE, **options, wait_timeout="1s", _fails=True)
        assert failed["changed"]
        assert [step["verb"] for step in failed["steps"]] == ["create", "attach", "create"]
        assert failed["error"]["remedy"] == "to find the cause, run iamsa.eks.iam_serviceaccount_info"
        assert "the role's trust policy does not allow it to assume the role (AccessDenied)" in failed["msg"]
        control.clear_faults()
        assert not task(MODULE, **options)["changed"]

    def test_an_item_may_wait_by_itself(self, shop: Shop, task: Task, control: Control) -> None:
        service_accounts = [{"name": "shop", "wait": True}, {"name": "other"}]
        done = task(MODULE, namespace=shop.namespace, policies=[S3], service_accounts=service_accounts)
        assert [verdict(one) for one in done["results"]] == ["yes", None]
        assert assumptions(control) == 1

    def test_a_time_that_cannot_be_right(self, shop: Shop, task: Task) -> None:
        failed = task(
            MODULE, name="shop", namespace=shop.namespace, wait=True, wait_timeout="2h", _fails=True
        )
        assert failed["msg"].startswith('invalid value "2h" for wait_timeout: ')


class TestVerify:
    def test_one_is_proven(self, made: Shop, task: Task, writes: Callable[[], list[str]]) -> None:
        done = task(INFO, name="shop", namespace=made.namespace, verify=True)
        (found,) = done["service_account_roles"]
        proof = found["status"]["verification"]
        assert (proof["verdict"], proof["reason"], proof["error"]) == ("yes", None, None)
        assert f"assumed-role/{made.role_name}/" in proof["assumedRole"]["arn"]
        assert (done["changed"], writes()) == (False, [])

    def test_a_no_has_its_reason(self, made: Shop, task: Task) -> None:
        made.annotate(f"{ROLE_ARN}={made.arn_of('none')}")
        (found,) = task(INFO, name="shop", namespace=made.namespace, verify=True)["service_account_roles"]
        reason = found["status"]["verification"]["reason"]
        assert (reason["cause"], reason["code"]) == ("roleMissing", "AccessDenied")

    def test_each_of_many_is_proven_and_who_names_no_role_is_not(self, made: Shop, task: Task) -> None:
        made.apply(
            {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": {"name": "plain", "annotations": {"iamsa/created-for": "x"}},
            },
            "create",
        )
        found = task(INFO, namespace=made.namespace, verify=True)["service_account_roles"]
        verdicts = {
            one["metadata"]["name"]: one["status"].get("verification", {}).get("verdict") for one in found
        }
        assert verdicts == {"plain": None, "shop": "yes"}

    def test_without_it_there_is_none(self, made: Shop, task: Task, control: Control) -> None:
        (found,) = task(INFO, name="shop", namespace=made.namespace)["service_account_roles"]
        assert "verification" not in found["status"]
        assert assumptions(control) == 0

    def test_where_there_is_nothing_nothing_is_proven(self, shop: Shop, task: Task) -> None:
        assert task(INFO, name="nobody", namespace=shop.namespace, verify=True)["service_account_roles"] == []
