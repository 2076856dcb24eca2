"""Runs at the same time: each ends in success or a clear error, one more run converges, no role is lost."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from e2e.shop import ROLE_ARN, S3, SQS, Shop, aws_managed
from e2e.trials import create, start, state, words
from pocket_eks.control import Control


def ended(runs: list[subprocess.Popen[str]]) -> list[tuple[int, str, str]]:
    """Exit code, stdout and stderr of each; a failure is one sentence and no traceback."""
    found = []
    for run in runs:
        stdout, stderr = run.communicate(timeout=60)
        assert "Traceback" not in stderr, stderr
        assert run.returncode in (0, 1), stderr
        assert run.returncode == 0 or "error: " in stderr
        found.append((run.returncode, stdout, stderr))
    return found


def said_or_whole(shop: Shop, runs: list[tuple[int, str, str]]) -> None:
    """Role and ServiceAccount belong together, or one of the runs has failed."""
    service_account = shop.service_account()
    bound = bool(service_account and ROLE_ARN in service_account["metadata"].get("annotations", {}))
    assert bool(shop.role()) == bound or any(code for code, _, _ in runs)


def test_two_creates_of_one_service_account(shop: Shop, control: Control) -> None:
    for _ in range(2):
        control.fault("aws", "iam:CreateRole", {"hold": "before"})
    runs = [start(shop, create(shop)) for _ in range(2)]
    control.wait_for_held(2)
    control.release()
    for code, stdout, stderr in ended(runs):
        assert code == 0, stderr
        assert stdout.splitlines()[-1] == shop.role_arn
    assert "serviceaccount/shop unchanged" in shop.create().stdout
    assert (shop.trust(), shop.attached()) == ([shop.statement()], {S3})


def test_two_creates_that_ask_for_different_policies_add_up(shop: Shop) -> None:
    ended([start(shop, words("create", shop, "-p", policy)) for policy in (S3, SQS)])
    shop.create(policies=[S3, SQS])
    assert shop.attached() == {S3, SQS}
    assert "unchanged" in shop.create(policies=[S3, SQS]).stdout
    shop.iamsa(*words("delete", shop))
    assert shop.role() is None


def test_two_at_the_same_time_repair_one_drift(made: Shop) -> None:
    made.set_trust(made.statement(audience="vault"))
    made.annotate("eks.amazonaws.com/role-arn-")
    ended([start(made, create(made)) for _ in range(2)])
    made.create()
    assert "unchanged" in made.create().stdout
    assert made.trust() == [made.statement()]


@pytest.mark.parametrize("at", ["iam:DetachRolePolicy", "iam:DeleteRole", "kube:delete:serviceaccounts"])
def test_a_create_while_a_delete_is_at_work(made: Shop, control: Control, at: str) -> None:
    upstream, skip = ("kube", 1) if at.startswith("kube") else ("aws", 0)
    control.fault(upstream, at, {"hold": "before"}, skip=skip)
    delete = start(made, words("delete", made))
    control.wait_for_held()
    creation = start(made, create(made))
    creation.wait(timeout=60)
    control.release()
    said_or_whole(made, ended([delete, creation]))
    made.create()
    assert "unchanged" in made.create().stdout
    assert (made.trust(), made.attached()) == ([made.statement()], {S3})
    assert made.annotations()["eks.amazonaws.com/role-arn"] == made.role_arn


def test_a_delete_while_a_create_is_at_work(shop: Shop, control: Control) -> None:
    """At one of its writes; unit/jobs/test_create_beside_delete.py has a delete at each of its calls."""
    control.fault("aws", "iam:CreateRole", {"hold": "before"})
    creation = start(shop, create(shop))
    control.wait_for_held()
    delete = start(shop, words("delete", shop, "--ignore-not-found"))
    delete.wait(timeout=60)
    control.release()
    runs = ended([creation, delete])
    said_or_whole(shop, runs)
    assert runs[0][0] == 1 or shop.role()
    shop.iamsa(*words("delete", shop, "--ignore-not-found"))
    assert (shop.role(), shop.service_account()) == (None, None)


LOOKS_BEFORE_A_DELETION = 3


def test_a_role_that_somebody_makes_right_after_a_delete_stays(made: Shop, control: Control) -> None:
    control.fault("aws", "iam:GetRole", {"hold": "before"}, skip=LOOKS_BEFORE_A_DELETION)
    delete = start(made, words("delete", made))
    control.wait_for_held()
    assert made.role() is None
    made.make_role(tags={"team": "ops"})
    control.release()
    assert [code for code, _, _ in ended([delete])] == [0]
    role = made.role()
    assert role
    assert role["Tags"] == {"team": "ops"}


def test_a_role_that_is_made_anew_while_it_is_written_to_is_no_success(made: Shop, control: Control) -> None:
    control.fault("aws", "iam:AttachRolePolicy", {"hold": "before"})
    update = start(made, words("update", made, "-p", SQS))
    control.wait_for_held()
    made.iam.detach_role_policy(RoleName=made.role_name, PolicyArn=aws_managed(S3))
    made.iam.delete_role(RoleName=made.role_name)
    made.make_role(tags={"team": "ops"})
    control.release()
    ((code, _, stderr),) = ended([update])
    assert (code, "created again by another process" in stderr) == (1, True)


def test_a_lost_answer_does_not_delete_a_role_that_came_after(made: Shop, control: Control) -> None:
    control.fault("aws", "iam:DeleteRole", {"drop": "after"})
    control.fault("aws", "iam:GetRole", {"hold": "before"}, skip=LOOKS_BEFORE_A_DELETION)
    delete = start(made, words("delete", made))
    control.wait_for_held()
    made.make_role(tags={"team": "ops"})
    control.release()
    assert [code for code, _, _ in ended([delete])] == [0]
    assert made.role()


def test_two_service_accounts_with_one_role_name(
    new_shop: Callable[[], Shop], unique: Callable[[str], str]
) -> None:
    name, shops = unique("shared"), [new_shop(), new_shop()]
    codes = [code for code, _, _ in ended([start(one, create(one, "--role-name", name)) for one in shops])]
    assert sorted(codes) == [0, 1]
    first, second = (shops[codes.index(0)], shops[codes.index(1)])
    assert first.trust(name) == [first.statement()]
    assert "belongs to ServiceAccount" in second.create("--role-name", name, code=1).stderr
    assert "unchanged" in first.create("--role-name", name).stdout


def test_ten_at_once(shop: Shop) -> None:
    ended([start(shop, create(shop)) for _ in range(10)])
    shop.create()
    assert "unchanged" in shop.create().stdout
    assert state(shop)["attached"] == [S3]
    assert shop.trust() == [shop.statement()]
