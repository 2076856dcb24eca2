"""Pods keep what they were given when they were created: who runs already is told to be restarted."""

from __future__ import annotations

import json
import time

import pytest
from e2e.shop import S3, Json, Shop

pytestmark = pytest.mark.warm

TEMPLATE: Json = {
    "metadata": {"labels": {"app": "shop"}},
    "spec": {"serviceAccountName": "shop", "containers": [{"name": "app", "image": "app"}]},
}


def start_deployment(shop: Shop, name: str = "web") -> None:
    """A Deployment, once its pod is there."""
    shop.apply(
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name},
            "spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": TEMPLATE},
        }
    )
    end = time.monotonic() + 20
    while not shop.ok("get", "pods", "-n", shop.namespace, "-l", "app=shop", "-o", "name"):
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture
def running(shop: Shop) -> Shop:
    """An existing ServiceAccount with a bare pod, a Deployment's pod, and a finished one."""
    shop.make_service_account()
    shop.start_pod("tool")
    start_deployment(shop)
    shop.start_pod("finished")
    patch = ("patch", "pod", "finished", "-n", shop.namespace, "--subresource=status", "--type=merge", "-p")
    shop.ok(*patch, json.dumps({"status": {"phase": "Succeeded"}}))
    return shop


def hint(shop: Shop, verb: str = "must") -> list[str]:
    return [
        f"Pods of serviceaccount {shop.namespace}/shop {verb} be restarted to use the role:",
        f"  kubectl rollout restart deployment/web -n {shop.namespace}",
        f"  kubectl delete pod/tool -n {shop.namespace}  # then recreate it",
    ]


def test_what_runs_already_is_named_with_the_command_that_restarts_it(running: Shop) -> None:
    dry = running.create("--dry-run")
    assert dry.stderr.splitlines() == hint(running, "would have to")
    done = running.create()
    assert done.stderr.splitlines() == hint(running)
    assert done.stdout.splitlines()[-1] == running.role_arn

    again = running.create()  # nothing has changed, so nothing is said
    assert again.stderr == ""


def test_a_script_finds_the_commands_in_the_document(running: Shop) -> None:
    done = running.create("-o", "json")
    assert done.stderr == ""
    _, deployment, pod = (line.strip() for line in hint(running))
    assert json.loads(done.stdout)["status"]["run"]["restarts"] == [deployment, pod]


def test_pods_that_have_the_role_already_are_left_alone(made: Shop) -> None:
    made.start_pod()
    made.ok("delete", "serviceaccount", "shop", "-n", made.namespace)
    done = made.create()  # the same ServiceAccount and role again: the pod's variables are right
    assert done.stdout.splitlines()[0] == "serviceaccount/shop created"
    assert done.stderr == ""


def test_a_change_of_policies_needs_no_restart(made: Shop) -> None:
    made.start_pod()
    assert made.create(policies=[S3, "AmazonSQSReadOnlyAccess"]).stderr == ""


def test_other_annotations_need_one(made: Shop) -> None:
    made.start_pod()
    done = made.create("--token-expiration", "1h")
    assert f"  kubectl delete pod/app -n {made.namespace}  # then recreate it" in done.stderr.splitlines()
