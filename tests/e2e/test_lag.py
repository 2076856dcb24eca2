"""IAM that answers as of ten seconds ago: every verb succeeds, and what runs next finds what was written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from e2e.shop import S3, SQS, Shop
from e2e.trials import Files, start, words
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]


@pytest.fixture
def late(shop: Shop, control: Control) -> Iterator[Shop]:
    """The shop in a world whose IAM shows every change ten seconds late."""
    control.settings(lag=10.0)
    yield shop
    control.settings(lag=0.0)


@pytest.fixture
def soon(made: Shop, control: Control) -> Iterator[Shop]:
    """A shop that has its role, and an IAM that is three seconds late."""
    time.sleep(3.5)
    control.settings(lag=3.0)
    yield made
    control.settings(lag=0.0)


def test_a_whole_life(late: Shop, control: Control) -> None:
    """Each command right after the one before: none is fooled by what IAM does not show yet."""
    late.create()
    assert "unchanged" in late.create().stdout
    late.iamsa(*words("update", late, "-p", SQS, "--tag", "team=web"))
    assert "unchanged" in late.create(policies=[S3, SQS]).stdout
    late.iamsa(*words("delete", late))
    assert "has no role" in late.iamsa(*words("delete", late), code=1).stderr
    control.settings(lag=0.0)
    assert (late.role(), late.service_account()) == (None, None)


def test_what_was_deleted_can_be_created_at_once(soon: Shop, control: Control) -> None:
    soon.iamsa(*words("delete", soon))
    soon.create()
    control.settings(lag=0.0)
    assert (soon.attached(), soon.trust()) == ({S3}, [soon.statement()])


def test_what_was_added_can_be_removed_at_once(soon: Shop, control: Control, files: Files) -> None:
    soon.iamsa(*words("update", soon, "-p", SQS, "-p", files.reader))
    soon.iamsa(*words("update", soon, "-a", "delete", "-p", SQS, "-p", files.reader))
    control.settings(lag=0.0)
    assert (soon.attached(), soon.inline()) == ({S3}, {})


def test_a_trust_that_was_repaired_is_not_repaired_again(soon: Shop, writes: Writes) -> None:
    soon.set_trust(soon.statement(audience="vault"))
    time.sleep(3.5)
    soon.create()
    before = writes()
    assert "unchanged" in soon.create().stdout
    assert writes() == before


def test_a_policy_that_delete_does_not_see_yet_is_found_when_iam_refuses(
    soon: Shop, control: Control
) -> None:
    """Attached a moment ago by a run that was killed: the reads show none, and DeleteRole refuses."""
    control.fault("aws", "iam:AttachRolePolicy", {"hold": "after"})
    run = start(soon, words("create", soon, "-p", SQS))
    control.wait_for_held()
    run.kill()
    run.communicate()
    control.release()
    soon.iamsa(*words("delete", soon))
    control.settings(lag=0.0)
    assert soon.role() is None


def test_a_policy_of_somebody_else_that_is_not_shown_yet_still_stops_delete(
    soon: Shop, control: Control, own_policy: Callable[..., str]
) -> None:
    policy = own_policy()
    soon.iam.attach_role_policy(RoleName=soon.role_name, PolicyArn=policy)
    refused = soon.iamsa(*words("delete", soon), code=1)
    control.settings(lag=0.0)
    assert f"was given policy {policy} by another process" in refused.stderr
    assert soon.role() is not None


def test_a_role_that_is_not_shown_yet_is_not_left_behind(made: Shop, control: Control) -> None:
    """The ServiceAccount names it, so it is waited for."""
    control.settings(lag=4.0)
    made.iamsa(*words("delete", made))
    control.settings(lag=0.0)
    assert (made.role(), made.service_account()) == (None, None)
