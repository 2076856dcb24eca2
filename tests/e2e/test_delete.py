"""`kubectl iamsa delete` in the world: its order, and what the API server holds. The rest is in unit/runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from e2e.shop import ROLE_ARN, S3, Done, Shop
from e2e.trials import Files, words
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]


def delete(shop: Shop, *more: str, **options: Any) -> Done:
    return shop.iamsa(*words("delete", shop, *more), **options)


def test_all_that_it_made_goes_and_the_annotation_first(shop: Shop, control: Control, files: Files) -> None:
    shop.create("-p", files.reader, "--permissions-boundary", files.boundary)
    control.clear_calls()
    done = delete(shop)
    assert done.stdout.splitlines() == [
        f"serviceaccount/shop annotation {ROLE_ARN} removed",
        f"role/{shop.role_name} policy {S3} detached",
        f"role/{shop.role_name} inline policy reader deleted",
        f"role/{shop.role_name} deleted",
        "serviceaccount/shop deleted",
    ]
    assert [call["action"] for call in control.calls() if call["write"]] == [
        "kube:patch:serviceaccounts",
        "iam:DetachRolePolicy",
        "iam:DeleteRolePolicy",
        "iam:DeleteRole",
        "kube:delete:serviceaccounts",
    ]
    assert (shop.role(), shop.service_account()) == (None, None)


def test_a_service_account_that_somebody_else_made_stays_as_it_was(shop: Shop) -> None:
    shop.make_service_account({"team": "web", "meta.helm.sh/release-name": "shop"}, labels={"app": "shop"})
    before = shop.service_account()
    shop.create("--token-expiration", "1h")
    delete(shop)
    after = shop.service_account()
    assert before
    assert after
    for field in ("annotations", "labels", "uid"):
        assert after["metadata"][field] == before["metadata"][field]
    assert shop.role() is None


def test_an_annotation_without_a_recorded_field_manager_needs_force(shop: Shop, writes: Writes) -> None:
    shop.make_service_account()
    shop.create()
    # What a tool that restores objects leaves.
    nobody = '{"metadata": {"managedFields": [{}]}}'
    shop.ok("patch", "serviceaccount", "shop", "-n", shop.namespace, "--type=merge", "-p", nobody)
    before = writes()
    done = delete(shop, code=1)
    assert "--force-conflicts" in done.stderr
    assert writes() == before
    delete(shop, "--force-conflicts")
    assert (shop.role(), ROLE_ARN in shop.annotations()) == (None, False)


def test_one_that_a_finalizer_holds_is_told_as_marked_for_deletion(made: Shop) -> None:
    where = ("serviceaccount", "shop", "-n", made.namespace, "--type=merge", "-p")
    made.ok("patch", *where, '{"metadata": {"finalizers": ["example.com/held"]}}')
    held = "serviceaccount/shop marked for deletion, blocked by the finalizer example.com/held"
    assert delete(made, "--dry-run").stdout.splitlines()[-1] == f"{held} (dry run)"
    found = json.loads(delete(made, "-o", "json").stdout)["status"]
    assert found["run"]["steps"][-1]["sentence"] == held
    assert found["serviceAccount"] == {"finalizers": ["example.com/held"]}
    assert "example.com/held" in delete(made).stderr
    made.ok("patch", *where, '{"metadata": {"finalizers": null}}')
    assert made.service_account() is None


def test_keep_service_account_leaves_a_plain_one(made: Shop) -> None:
    delete(made, "--keep-service-account")
    service_account = made.service_account()
    assert service_account
    assert service_account["metadata"].get("annotations", {}) == {}
    assert made.role() is None


def test_a_dry_run_foretells_the_steps_and_writes_nothing(made: Shop, writes: Writes) -> None:
    foretold = json.loads(delete(made, "--dry-run=server", "-o", "json").stdout)["status"]["run"]
    assert writes() == []
    done = json.loads(delete(made, "-o", "json").stdout)["status"]["run"]
    assert foretold["steps"] == done["steps"]
    assert (foretold["changed"], done["changed"]) == (True, True)


def test_who_still_runs_under_it_is_told(made: Shop) -> None:
    made.start_pod("left")
    assert "pod/left runs under serviceaccount" in delete(made).stderr


def test_the_right_to_delete_is_tried_before_aws_is_touched(made: Shop, control: Control) -> None:
    control.fault("kube", "kube:delete:serviceaccounts", {"error": "Forbidden"}, times=None)
    delete(made, code=1)
    assert made.attached() == {S3}
    assert made.annotations()[ROLE_ARN] == made.role_arn
