"""AWS and Kubernetes at their worst: lost answers, throttling, denials, silence."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from e2e.shop import ROLE_ARN, S3, SQS, Shop, aws_managed, entry_of
from pocket_eks.control import Control

Writes = Callable[[], "list[str]"]


def is_complete(shop: Shop) -> bool:
    """Whether all is as a first run without faults leaves it."""
    right = shop.trust() == [shop.statement()] and shop.attached() == {S3}
    return right and shop.annotations()[ROLE_ARN] == shop.role_arn


@pytest.mark.parametrize(
    ("action", "when"),
    [
        ("eks:DescribeCluster", "before"),
        ("iam:CreateRole", "before"),
        ("iam:CreateRole", "after"),
        ("iam:AttachRolePolicy", "after"),
    ],
)
def test_an_answer_of_aws_that_is_lost(shop: Shop, control: Control, action: str, when: str) -> None:
    control.fault("aws", action, {"drop": when})
    done = shop.create()
    assert done.stdout.splitlines() == [
        f"role/{shop.role_name} created",
        f"role/{shop.role_name} policy {S3} attached",
        "serviceaccount/shop created",
        shop.role_arn,
    ]
    assert is_complete(shop)


@pytest.mark.parametrize("error", ["Throttling", "ServiceUnavailable"])
def test_throttling_is_waited_out(shop: Shop, control: Control, error: str) -> None:
    control.fault("aws", "iam:CreateRole", {"error": error}, times=2)
    shop.create()
    assert is_complete(shop)


@pytest.mark.parametrize(
    "error",
    [
        pytest.param("ConcurrentModification", id="two-changes-of-one-role-at-a-time"),
        pytest.param("NoSuchEntity", id="a-role-that-was-only-just-made"),
    ],
)
def test_what_passes_is_tried_again(shop: Shop, control: Control, error: str) -> None:
    control.fault("aws", "iam:AttachRolePolicy", {"error": error}, times=3)
    shop.create()
    assert is_complete(shop)


def test_a_busy_api_server_is_asked_again(shop: Shop, control: Control) -> None:
    control.fault("kube", "kube:get:serviceaccounts", {"status": 503})
    shop.create()
    assert is_complete(shop)


def test_a_denied_write_is_named_and_so_is_what_is_done_and_what_is_not(shop: Shop, control: Control) -> None:
    control.fault("aws", "iam:AttachRolePolicy", {"error": "AccessDenied"})
    done = shop.create(code=1)
    assert done.stdout.splitlines() == [f"role/{shop.role_name} created"]
    *left, again, error = done.stderr.splitlines()
    assert left == [
        f"not done: role/{shop.role_name} policy {S3} attached",
        "not done: serviceaccount/shop created",
    ]
    assert again == "run the same command again to continue"
    assert "iam:AttachRolePolicy" in error
    assert shop.service_account() is None  # never before the role and its policies stand

    # What was recorded of the policy was taken back.
    assert shop.create().stdout.splitlines() == [
        f"role/{shop.role_name} tagged with {entry_of(aws_managed(S3))}",
        f"role/{shop.role_name} policy {S3} attached",
        "serviceaccount/shop created",
        shop.role_arn,
    ]
    assert is_complete(shop)


def test_a_quota_is_named(shop: Shop, control: Control) -> None:
    control.fault("aws", "iam:CreateRole", {"error": "LimitExceeded"}, times=None)
    done = shop.create(code=1)
    assert "quota" in done.stderr
    assert done.stderr.count("\n") == 1  # nothing was done, so nothing is told but the error


def test_a_write_that_is_never_answered_may_or_may_not_be_done(shop: Shop, control: Control) -> None:
    control.fault("aws", "iam:AttachRolePolicy", {"hang": True})
    start = time.monotonic()
    done = shop.create("--timeout", "2s", code=1)
    assert time.monotonic() - start < 20
    assert done.stderr.splitlines()[:2] == [
        f"possibly done: role/{shop.role_name} policy {S3} attached",
        "not done: serviceaccount/shop created",
    ]
    assert "--timeout" in done.stderr


def test_a_write_that_no_retry_gets_an_answer_for_may_or_may_not_be_done(
    shop: Shop, control: Control
) -> None:
    control.fault("aws", "iam:AttachRolePolicy", {"drop": "after"}, times=8)
    run = shop.start_create()
    _, stderr = run.communicate(timeout=120)
    assert run.returncode == 1
    assert stderr.splitlines()[:2] == [
        f"possibly done: role/{shop.role_name} policy {S3} attached",
        "not done: serviceaccount/shop created",
    ]
    assert "iam:AttachRolePolicy" in stderr.splitlines()[-1]
    assert shop.attached() == {S3}
    shop.create()
    assert is_complete(shop)


@pytest.mark.parametrize("effect", [{"drop": "after"}, {"drop": "before"}, {"status": 500}], ids=str)
def test_a_write_to_kubernetes_without_an_answer_may_or_may_not_be_done(
    shop: Shop, control: Control, effect: dict[str, object]
) -> None:
    control.fault("kube", "kube:create:serviceaccounts", effect, skip=1)
    done = shop.create(code=1)
    assert done.stderr.splitlines()[:2] == [
        "possibly done: serviceaccount/shop created",
        "run the same command again to continue",
    ]
    shop.create()
    assert is_complete(shop)


def test_a_denied_write_names_the_document_that_allows_it(shop: Shop, control: Control) -> None:
    control.fault("aws", "iam:CreateRole", {"error": "AccessDenied"})
    assert shop.create(code=1).stderr.endswith(
        "/docs/permissions/base.json for roles that iamsa created, and adopt.json for others\n"
    )


def test_an_admission_webhook_s_no_comes_before_aws_is_touched(
    shop: Shop, control: Control, writes: Writes
) -> None:
    control.fault("kube", "kube:create:serviceaccounts", {"error": "Forbidden"})
    done = shop.create(code=1)
    assert "serviceaccounts" in done.stderr
    assert writes() == []


def test_a_trust_policy_that_changes_after_it_was_read_is_not_overwritten(
    made: Shop, control: Control
) -> None:
    unmanaged = {**made.statement(), "Condition": {}}
    made.set_trust(made.statement(audience="vault"))
    made.iam.detach_role_policy(RoleName=made.role_name, PolicyArn=aws_managed(S3))
    control.fault("aws", "iam:AttachRolePolicy", {"hold": "before"})
    run = made.start_create()
    control.wait_for_held()
    made.set_trust(unmanaged)
    control.release()
    _, stderr = run.communicate(timeout=30)
    assert run.returncode == 1
    assert "was changed concurrently" in stderr
    assert made.trust() == [unmanaged]


def test_policies_stay_attached_when_a_purge_stops_half_way(shop: Shop, control: Control) -> None:
    shop.create(policies=[S3])
    control.fault("aws", "iam:DetachRolePolicy", {"error": "AccessDenied"})
    done = shop.create("--purge", policies=[SQS], code=1)
    assert "iam:DetachRolePolicy" in done.stderr
    assert shop.attached() == {S3, SQS}
    shop.create("--purge", policies=[SQS])
    assert shop.attached() == {SQS}
