"""`iamsa.eks.iam_serviceaccount_info` under real Ansible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from e2e.shop import ROLE_ARN, S3, Shop, aws_managed

Json = dict[str, Any]
Task = Callable[..., Json]
MODULE = "iam_serviceaccount_info"

pytestmark = [pytest.mark.warm, pytest.mark.usefixtures("cluster_admin")]


def test_one_is_told_in_full(made: Shop, task: Task) -> None:
    (found,) = task(MODULE, name=made.name, namespace=made.namespace)["service_account_roles"]
    assert (found["metadata"]["name"], found["metadata"]["namespace"]) == (made.name, made.namespace)
    assert found["spec"]["policies"] == [aws_managed(S3)]
    status = found["status"]
    assert status["role"]["arn"] == made.role_arn
    assert status["owner"]["verdict"] == "ours"
    assert status["role"]["tags"]["iamsa/service-account"] == made.name
    assert status["policies"]["managed"] == [{"name": S3, "arn": aws_managed(S3)}]
    assert status["oidcProvider"]["audiences"] == ["sts.amazonaws.com"]
    assert status["serviceAccount"]["annotations"][ROLE_ARN] == made.role_arn
    assert status["problems"] == []


def test_what_is_broken_is_told_with_what_mends_it(made: Shop, task: Task) -> None:
    made.annotate(f"{ROLE_ARN}-")
    (found,) = task(MODULE, name=made.name, namespace=made.namespace)["service_account_roles"]
    assert found["status"]["problems"]
    assert found["status"]["problems"][0]["remedy"].startswith(f"state: present, name: {made.name}, ")


def test_those_of_a_namespace_are_listed(made: Shop, task: Task) -> None:
    (found,) = task(MODULE, namespace=made.namespace)["service_account_roles"]
    assert (found["metadata"]["name"], found["status"]["state"]) == (made.name, "ok")


def test_a_name_that_no_role_can_have_hides_no_other(made: Shop, task: Task) -> None:
    replace(made, name="broken").make_service_account({ROLE_ARN: made.arn_of("${ROLE}")})
    listed = task(MODULE, namespace=made.namespace, verify=True, doctor=True)["service_account_roles"]
    found = {
        one["metadata"]["name"]: (
            one["status"]["state"],
            one["status"]["verification"]["verdict"],
            one["status"]["diagnosis"]["well"],
        )
        for one in listed
    }
    assert found == {made.name: ("ok", "yes", True), "broken": ("invalidArn", "no", False)}


def test_those_of_all_namespaces_are_listed(made: Shop, task: Task) -> None:
    found = task(MODULE, all_namespaces=True)
    assert made.namespace in {one["metadata"]["namespace"] for one in found["service_account_roles"]}
    assert found["cluster"]["arn"] == made.world.cluster_arn


def test_where_there_is_nothing_the_list_is_empty(shop: Shop, task: Task) -> None:
    assert task(MODULE, name="nobody", namespace=shop.namespace)["service_account_roles"] == []
    assert task(MODULE, namespace=shop.namespace)["service_account_roles"] == []


def test_nothing_is_changed(made: Shop, task: Task, writes: Callable[[], list[str]]) -> None:
    assert not task(MODULE, name=made.name, namespace=made.namespace, _check=True)["changed"]
    assert writes() == []


def test_doctor_tells_what_fails_and_what_mends_it(made: Shop, task: Task) -> None:
    made.set_trust(made.statement(audience="example.com"))
    (found,) = task(MODULE, name=made.name, namespace=made.namespace, doctor=True)["service_account_roles"]
    diagnosis = found["status"]["diagnosis"]
    (failing,) = [one for one in diagnosis["checks"] if one["verdict"] == "fail"]
    assert (diagnosis["well"], failing["check"]) == (False, "trust-audience")
    assert failing["remedy"].startswith(f"state: present, name: {made.name}, ")


def test_doctor_finds_nothing_wrong_with_those_of_a_namespace(
    made: Shop, task: Task, writes: Callable[[], list[str]]
) -> None:
    (found,) = task(MODULE, namespace=made.namespace, doctor=True)["service_account_roles"]
    assert found["status"]["diagnosis"]["well"]
    assert found["status"]["diagnosis"]["summary"]["fail"] == 0
    assert writes() == []
