# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A policy that is not written after all does not stay recorded, and one that may be written does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from unit.fakes.examples import (
    READ_S3,
    READ_SQS,
    ROLE_NAME,
    by_arn,
    desired,
    document,
    inline,
    our_role,
    recorded,
    retagged,
    service_account,
)
from unit.fakes.starts import MINE, S3, ready
from unit.fakes.wire import Crash, Hook, answers, crashes_before, fails, meanwhile, raises
from unit.fakes.world import Told, World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, Refused, RemoteError, TimedOut
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.reconcile import ensure
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step
from ansible_collections.iamsa.eks.plugins.module_utils.policy.attached_by_us import (
    inline_digest,
    managed_digest,
    read_record,
)
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import trust_policy

S3_DIGEST, SQS_DIGEST = managed_digest(READ_S3.arn), managed_digest(READ_SQS.arn)
READER, WRITER = inline_digest("reader"), inline_digest("writer")
FULL = fails("LimitExceeded", "Maximum policy size of 10240 bytes exceeded")
NAMED = desired(S3, inline(), inline("writer"), name=ROLE_NAME)


@pytest.fixture
def ours(world: World) -> World:
    """A role without policies, and its ServiceAccount."""
    world.account.put(our_role())
    world.kubernetes.put(service_account(managers=MINE))
    return world


def known(world: World) -> frozenset[str]:
    return read_record(world.role.tags)


def denied(_: Callable[[], Any]) -> None:
    raise Denied("you are not allowed to", action="iam:PutRolePolicy")


@pytest.mark.parametrize("refusal", [FULL, denied], ids=["limit", "denied"])
def test_what_is_refused_and_what_was_to_follow_is_taken_back(ours: World, refusal: Hook) -> None:
    ours.wire.on("iam:PutRolePolicy", refusal, skip=1)
    ours.refusal(NAMED)
    assert known(ours) == {READER}
    assert list(ours.account.inline[ROLE_NAME]) == ["reader"]


def test_a_new_role_takes_back_what_it_was_made_with(world: World) -> None:
    world.wire.on("iam:AttachRolePolicy", FULL)
    world.refusal(NAMED)
    assert known(world) == {READER, WRITER}


def test_what_may_be_written_stays_recorded(ours: World) -> None:
    ours.wire.on("iam:PutRolePolicy", raises(RemoteError("no answer", code="ReadTimeout", uncertain=True)))
    ours.refusal(NAMED)
    assert known(ours) == {READER}


def test_what_somebody_else_puts_there_at_the_same_time_stays_recorded(ours: World) -> None:
    def put_and_refuse(_: Callable[[], Any]) -> None:
        ours.account.inline[ROLE_NAME]["reader"] = document()
        FULL(_)

    ours.wire.on("iam:PutRolePolicy", put_and_refuse)
    ours.refusal(NAMED)
    assert known(ours) == {READER}


def test_what_another_run_has_recorded_since_stays(ours: World) -> None:
    again = retagged(our_role(), **{f"iamsa__policy__{READER}": "2999-01-01T00:00:00Z"})
    ours.wire.on("iam:PutRolePolicy", FULL)
    ours.wire.on("iam:UntagRole", crashes_before)
    ours.wire.on("iam:GetRole", meanwhile(lambda: ours.account.roles.update({ROLE_NAME: again})), skip=2)
    ours.refusal(desired(inline(), name=ROLE_NAME))
    assert known(ours) == {READER}


def test_what_reads_do_not_show_yet_is_taken_back_too(ours: World) -> None:
    ours.wire.on("iam:PutRolePolicy", FULL)
    ours.wire.on("iam:GetRole", lambda _: our_role(), skip=2)
    ours.refusal(NAMED)
    assert known(ours) == set()


@pytest.mark.parametrize("call", ["iam:UntagRole", "iam:ListRolePolicies"])
def test_where_that_fails_too_both_are_said(ours: World, call: str) -> None:
    ours.wire.on("iam:PutRolePolicy", FULL)
    ours.wire.on(
        call, fails("AccessDenied", "you are not allowed to untag"), skip=call == "iam:ListRolePolicies"
    )
    error = ours.refusal(desired(inline(), name=ROLE_NAME))
    assert error.problem.startswith("Maximum policy size")
    assert f"iamsa/policy/{READER}" in error.problem
    assert "you are not allowed to untag" in str(error)


def test_of_a_role_that_is_gone_nothing_is_said_besides(ours: World) -> None:
    ours.wire.on("iam:AttachRolePolicy", meanwhile(ours.account.roles.clear))
    ours.wire.on("iam:UntagRole", denied)
    error = ours.refusal(desired(S3, name=ROLE_NAME))
    assert error.problem == f"role {ROLE_NAME} was deleted by another process"


def test_one_that_is_replaced_stays_recorded(ours: World) -> None:
    ours.account.put(recorded(our_role(), inline()), reader=document("s3:PutObject"))
    ours.wire.on("iam:PutRolePolicy", FULL)
    ours.refusal(desired(inline(), name=ROLE_NAME))
    assert known(ours) == {READER}


def test_one_of_somebody_else_that_was_to_be_replaced_stays_theirs(ours: World) -> None:
    ours.account.put(our_role(), reader=document("s3:PutObject"))
    ours.wire.on("iam:PutRolePolicy", FULL)
    ours.refusal(desired(inline(), name=ROLE_NAME, force_conflicts=True))
    assert known(ours) == set()
    assert list(ours.account.inline[ROLE_NAME]) == ["reader"]


def test_a_run_that_is_stopped_after_a_step_takes_back_what_it_does_not_come_to(ours: World) -> None:
    class Stops(Told):
        def done(self, step: Step) -> None:
            super().done(step)
            if step.target.part == "inline policy":
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure(NAMED, ours.access(), Stops())
    assert known(ours) == {READER}


def test_a_run_that_is_killed_leaves_it_to_a_later_one(ours: World) -> None:
    ours.wire.on("iam:PutRolePolicy", crashes_before)
    with pytest.raises(Crash):
        ours.create(NAMED)
    assert known(ours) == {S3_DIGEST, READER, WRITER}
    ours.create(desired(S3, name=ROLE_NAME))
    assert known(ours) == {S3_DIGEST, READER, WRITER}
    ours.account.age_record()
    ours.create(desired(S3, name=ROLE_NAME))
    assert known(ours) == {S3_DIGEST}


class TestDelete:
    """A role that stays after its policies have gone."""

    @pytest.fixture
    def made(self, world: World) -> World:
        ready(world)
        world.account.put(recorded(our_role(), READ_S3, READ_SQS), READ_S3, READ_SQS)
        return world

    def test_what_was_detached_is_forgotten(self, made: World) -> None:
        made.wire.on("iam:DetachRolePolicy", denied, skip=1)
        with pytest.raises(Denied):
            made.delete(DeleteRequest(desired(name=ROLE_NAME)))
        assert known(made) == {SQS_DIGEST}

    def test_it_is_forgotten_too_where_only_the_role_cannot_go(self, made: World) -> None:
        made.wire.on("iam:DeleteRole", denied)
        with pytest.raises(Denied):
            made.delete(DeleteRequest(desired(name=ROLE_NAME)))
        assert known(made) == set()

    def test_of_a_role_that_may_be_gone_nothing_is_said_besides(self, made: World) -> None:
        made.wire.on("iam:DeleteRole", answers(None))
        with pytest.raises(TimedOut) as caught:
            made.delete(DeleteRequest(desired(name=ROLE_NAME)))
        assert "iamsa/policy" not in caught.value.problem
        assert "iam:UntagRole" not in made.wire.writes


class TestTwoRuns:
    """Both have seen the same role, and meet at their writes."""

    @pytest.mark.parametrize("hook_at", ["iam:TagRole", "iam:AttachRolePolicy"])
    def test_two_that_attach_keep_both(self, ours: World, hook_at: str) -> None:
        other = desired(by_arn(READ_SQS), name=ROLE_NAME)
        ours.wire.on(hook_at, meanwhile(lambda: ours.create(other)))
        ours.create(desired(S3, name=ROLE_NAME))
        assert known(ours) == {S3_DIGEST, SQS_DIGEST}

    def test_one_that_attaches_what_another_is_taking_away(self, ours: World) -> None:
        ours.account.put(recorded(our_role(), READ_S3), READ_S3)
        gone = desired(name=ROLE_NAME, absent=(S3,), create_role=False)
        attached = desired(S3, name=ROLE_NAME)
        ours.wire.on("iam:UntagRole", meanwhile(lambda: ours.create(attached)))
        ours.create(gone)
        assert (known(ours), list(ours.account.attached[ROLE_NAME])) == ({S3_DIGEST}, [READ_S3.arn])
        ours.delete(DeleteRequest(desired(name=ROLE_NAME)))
        assert ours.account.roles == {}

    def test_one_that_is_taking_away_what_another_attaches(self, ours: World) -> None:
        """Whoever looks while it is recorded and not there yet leaves the entry."""
        gone = desired(name=ROLE_NAME, absent=(S3,), create_role=False)
        ours.wire.on("iam:AttachRolePolicy", meanwhile(lambda: ours.create(gone)))
        ours.create(desired(S3, name=ROLE_NAME))
        assert (known(ours), list(ours.account.attached[ROLE_NAME])) == ({S3_DIGEST}, [READ_S3.arn])


def test_what_a_purge_has_taken_away_is_not_recorded_when_the_run_fails_later(ours: World) -> None:
    ours.account.put(recorded(our_role(trust=trust_policy([])), READ_SQS), READ_SQS)
    ours.wire.on("iam:UpdateAssumeRolePolicy", denied)

    ours.refusal(desired(S3, name=ROLE_NAME, purge=True))
    assert known(ours) == {S3_DIGEST}

    ours.account.attached[ROLE_NAME][READ_SQS.arn] = READ_SQS.name
    with pytest.raises(Refused):
        ours.delete(DeleteRequest(desired(name=ROLE_NAME)))
