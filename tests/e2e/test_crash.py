"""A run that dies at any point is completed by running the same command again."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest
from e2e.shop import S3, Json, Shop
from testbed.control import Control

Writes = Callable[[], "list[str]"]
FIRST_RUN = [
    ("aws", "iam:CreateRole", 0),
    ("aws", "iam:AttachRolePolicy", 0),
    ("kube", "kube:create:serviceaccounts", 1),  # after its rehearsal
]


def state(shop: Shop) -> tuple[Json | None, set[str], dict[str, str]]:
    return shop.role(), shop.attached(), shop.annotations()


def finished(shop: Shop) -> tuple[Json, set[str]]:
    """What a first run that nothing disturbs leaves behind."""
    role = {
        "RoleName": shop.role_name,
        "Path": "/iamsa/",
        "Arn": shop.role_arn,
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [shop.statement()]},
        "MaxSessionDuration": 3600,
        "Tags": shop.tags,
    }
    return role, {S3}


@pytest.mark.parametrize("point", ["before", "after"])
@pytest.mark.parametrize(("upstream", "action", "skip"), FIRST_RUN)
def test_killed_at_a_write_and_run_again(
    shop: Shop, control: Control, writes: Writes, upstream: str, action: str, skip: int, point: str
) -> None:
    control.fault(upstream, action, {"hold": point}, skip=skip)
    run = shop.start_create()
    control.wait_for_held()
    run.kill()
    run.communicate()
    control.release()

    shop.create()
    assert (shop.role(), shop.attached()) == finished(shop)
    assert set(shop.annotations()) == {"eks.amazonaws.com/role-arn", "iamsa/created-for"}
    control.clear_calls()
    assert shop.create().stdout.splitlines()[0] == "serviceaccount/shop unchanged"
    assert writes() == []


def test_killed_while_an_adopted_role_is_changed(shop: Shop, control: Control) -> None:
    shop.make_role(tags={"Terraform": "true"})
    for action in ("iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:TagRole"):
        control.fault("aws", action, {"hold": "after"})
        run = shop.start_create("--adopt")
        control.wait_for_held()
        run.kill()
        run.communicate()
    shop.create("--adopt")
    assert "unchanged" in shop.create("--adopt").stdout
    assert len(shop.trust()) == 2


def test_ctrl_c_says_what_is_done_and_what_is_not(shop: Shop, control: Control) -> None:
    control.fault("aws", "iam:AttachRolePolicy", {"hold": "before"})
    run = shop.start_create()
    control.wait_for_held()
    run.send_signal(signal.SIGINT)
    stdout, stderr = run.communicate(timeout=10)
    assert run.returncode == 130
    assert stdout.splitlines() == [f"role/{shop.role_name} created"]
    assert stderr.splitlines() == [
        f"not known to be done: role/{shop.role_name} policy {S3} attached",
        "not done: serviceaccount/shop created",
        "run the same command again to go on where it stopped",
        "interrupted",
    ]
    control.release()
    shop.create()
    assert (shop.role(), shop.attached()) == finished(shop)


def test_ctrl_c_in_the_first_write_says_that_it_may_be_done(shop: Shop, control: Control) -> None:
    control.fault("aws", "iam:CreateRole", {"hold": "after"})
    run = shop.start_create()
    control.wait_for_held()
    run.send_signal(signal.SIGINT)
    stdout, stderr = run.communicate(timeout=10)
    assert (run.returncode, stdout) == (130, "")
    assert stderr.splitlines()[0] == f"not known to be done: role/{shop.role_name} created"


def test_ctrl_c_while_reading_says_only_that(shop: Shop, control: Control, writes: Writes) -> None:
    control.fault("aws", "iam:GetRole", {"hold": "before"})
    run = shop.start_create()
    control.wait_for_held()
    run.send_signal(signal.SIGINT)
    stdout, stderr = run.communicate(timeout=10)
    assert (run.returncode, stdout, stderr) == (130, "", "interrupted\n")
    assert writes() == []


def test_two_at_the_same_time_leave_one_right_role(shop: Shop, control: Control) -> None:
    for _ in range(2):
        control.fault("aws", "iam:CreateRole", {"hold": "before"})
    runs = [shop.start_create(), shop.start_create()]
    control.wait_for_held(2)
    control.release()
    for run in runs:
        stdout, stderr = run.communicate(timeout=30)
        assert run.returncode == 0, stderr
        assert stdout.splitlines()[-1] == shop.role_arn
    assert (shop.role(), shop.attached()) == finished(shop)
    assert "serviceaccount/shop unchanged" in shop.create().stdout


def test_two_at_the_same_time_repair_one_drift(made: Shop) -> None:
    made.set_trust(made.statement(audience="vault"))
    made.annotate("eks.amazonaws.com/role-arn-")
    runs = [made.start_create(), made.start_create()]
    for run in runs:
        _, stderr = run.communicate(timeout=30)
        if run.returncode:
            assert "somebody else" in stderr
    assert "serviceaccount/shop" in made.create().stdout
    assert made.trust() == [made.statement()]
    assert made.annotations()["eks.amazonaws.com/role-arn"] == made.role_arn
