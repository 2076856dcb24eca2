"""`kubectl iamsa delete`: what iamsa made goes, in an order that leaves nothing dangling."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from e2e.shop import EXPIRATION, MARKER, ROLE_ARN, S3, Done, Shop
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


def test_an_annotation_that_lacks_the_roles_path_is_taken_for_the_role(made: Shop) -> None:
    made.annotate(f"{ROLE_ARN}={made.arn_of(made.role_name, '/')}")
    delete(made, "--force-conflicts")
    assert (made.role(), made.service_account()) == (None, None)


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
    held = "serviceaccount/shop marked for deletion, held by the finalizer example.com/held"
    assert delete(made, "--dry-run").stdout.splitlines()[-1] == f"{held} (dry run)"
    found = json.loads(delete(made, "-o", "json").stdout)["status"]
    assert found["run"]["steps"][-1]["sentence"] == held
    assert found["serviceAccount"] == {"finalizers": ["example.com/held"]}
    assert "example.com/held" in delete(made).stderr
    made.ok("patch", *where, '{"metadata": {"finalizers": null}}')
    assert made.service_account() is None


def test_a_role_of_another_name_is_found_by_the_annotation(shop: Shop, unique: Callable[[str], str]) -> None:
    name = unique("mine")
    shop.create("--role-name", name)
    delete(shop)
    assert shop.role(name) is None


def test_a_role_whose_service_account_is_gone_is_found_by_its_name(made: Shop) -> None:
    made.ok("delete", "serviceaccount", "shop", "-n", made.namespace)
    assert delete(made).stdout.splitlines()[-1] == f"role/{made.role_name} deleted"
    assert made.role() is None


def test_a_service_account_whose_role_is_gone_is_deleted(made: Shop) -> None:
    made.iam.detach_role_policy(RoleName=made.role_name, PolicyArn=f"arn:aws:iam::aws:policy/{S3}")
    made.iam.delete_role(RoleName=made.role_name)
    assert delete(made).stdout == "serviceaccount/shop deleted\n"
    assert made.service_account() is None


def test_keep_service_account_leaves_a_plain_one(made: Shop) -> None:
    delete(made, "--keep-service-account")
    service_account = made.service_account()
    assert service_account
    assert service_account["metadata"].get("annotations", {}) == {}
    assert made.role() is None


def test_keep_role_takes_only_the_service_account(made: Shop) -> None:
    delete(made, "--keep-role")
    assert made.service_account() is None
    assert made.attached() == {S3}


def test_both_kept_only_the_annotations_go(shop: Shop) -> None:
    shop.create("--token-expiration", "1h")
    delete(shop, "--keep-role", "--keep-service-account")
    assert not shop.annotations().keys() & {ROLE_ARN, EXPIRATION, MARKER}
    assert shop.role() is not None


def test_a_service_account_that_was_given_another_role_keeps_it(
    shop: Shop, unique: Callable[[str], str]
) -> None:
    shop.create()
    other = unique("other")
    shop.create("--role-name", other, "--force-conflicts")
    delete(shop, "--role-name", shop.role_name)
    assert shop.role() is None
    assert shop.annotations()[ROLE_ARN] == shop.arn_of(other)


def test_a_copy_with_our_marker_is_left(made: Shop, new_shop: Callable[[], Shop]) -> None:
    """A ServiceAccount that was restored from a backup into another namespace."""
    copy = new_shop()
    copy.make_service_account(made.annotations())
    copy.create("--force-conflicts", "--role-name", copy.role_name)
    delete(copy)
    assert copy.service_account() is not None
    assert copy.annotations().get(ROLE_ARN) is None
    assert made.role() is not None


def test_a_second_time_there_is_nothing_to_delete(made: Shop, writes: Writes) -> None:
    delete(made)
    before = writes()
    assert "serviceaccount" in delete(made, code=1).stderr
    assert delete(made, "--ignore-not-found").stdout == ""
    assert writes() == before


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
