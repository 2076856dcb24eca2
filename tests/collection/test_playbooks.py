"""The collection's role, playbooks and examples, run as a user runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from e2e.gen3 import habit_of
from e2e.shop import S3, Shop

from ansible_collections.iamsa.eks.plugins.modules import iam_serviceaccount, iam_serviceaccount_info

Json = dict[str, Any]

pytestmark = [pytest.mark.warm, pytest.mark.usefixtures("cluster_admin")]


@pytest.fixture
def playbook(ansible: Any) -> Callable[..., str]:
    """`playbook("teardown", service_account_namespace="web")`: the recap of a playbook of the collection."""

    def run(name: str, /, **variables: Any) -> str:
        done = ansible.run("ansible-playbook", f"iamsa.eks.{name}", "-e", json.dumps(variables))
        assert done.returncode == 0, done.stdout + done.stderr
        return str(done.stdout.splitlines()[-2:])

    return run


def test_one_application_and_teardown(shop: Shop, playbook: Callable[..., str]) -> None:
    playbook("one_application", service_account=shop.name, service_account_namespace=shop.namespace)
    assert shop.attached() == {S3}
    assert "changed=0" in playbook(
        "one_application", service_account=shop.name, service_account_namespace=shop.namespace
    )
    shop.apply(
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {
                "name": "other",
                "annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::999999999999:role/other"},
            },
        },
        "create",
    )
    playbook("teardown", service_account_namespace=shop.namespace)
    assert (shop.role(), shop.service_account()) == (None, None)
    assert "other" in shop.ok("get", "serviceaccounts", "-n", shop.namespace, "-o", "name")


def test_a_platform(shop: Shop, playbook: Callable[..., str]) -> None:
    playbook("platform")
    found = shop.ok("get", "serviceaccounts", "-A", "-o", "json")
    made = [
        one
        for one in json.loads(found)["items"]
        if "iamsa/created-for" in one["metadata"].get("annotations", {})
    ]
    assert {"aws-node", "external-dns", "velero"} <= {one["metadata"]["name"] for one in made}
    assert "changed=0" in playbook("platform")


def test_roles_that_gen3_made_are_taken_over(shop: Shop, playbook: Callable[..., str]) -> None:
    habit = habit_of(shop)
    arn = habit.gen3_makes(S3)
    habit.gen3_annotates(arn)
    playbook(
        "gen3_migration", service_account_namespace=shop.namespace, service_accounts=[{"name": habit.name}]
    )
    assert shop.role(habit.role_name)
    assert "changed=0" in playbook(
        "gen3_migration", service_account_namespace=shop.namespace, service_accounts=[{"name": habit.name}]
    )


@pytest.mark.parametrize(
    "module", [iam_serviceaccount, iam_serviceaccount_info], ids=lambda one: one.__name__
)
def test_every_example_runs(ansible: Any, module: Any) -> None:
    service_account = {"name": "my-sa", "namespace": "web", "create_namespace": True, "policies": [S3]}
    first = {"iamsa.eks.iam_serviceaccount": service_account}
    tasks = [*([first] if module is iam_serviceaccount_info else []), *yaml.safe_load(module.EXAMPLES)]
    book = [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]
    (ansible.folder / "examples.yml").write_text(yaml.safe_dump(book, sort_keys=False))
    done = ansible.run("ansible-playbook", "examples.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"ok={len(tasks)} " in done.stdout
