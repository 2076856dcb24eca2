# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM catches up with itself: what is waited for, and for how long."""

from __future__ import annotations

import threading
import time

import pytest
from unit.fakes.examples import READ_S3, ROLE_NAME, desired, our_role, service_account
from unit.fakes.starts import MINE, PLAIN, S3, ready, without_provider
from unit.fakes.wire import answers, fails
from unit.fakes.world import Clock, World

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import TimedOut
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import trust_policy

NAMED = desired(S3, name=ROLE_NAME)
WITH_PROVIDER = desired(S3, name=ROLE_NAME, create_oidc_provider=True)
UNKNOWN_PRINCIPAL = fails("MalformedPolicyDocument", "Invalid principal in policy: Federated")


def test_a_new_role_is_looked_for_until_it_is_shown(world: World) -> None:
    world.wire.on("iam:GetRole", answers(None), skip=1, times=5)
    world.create(NAMED)
    assert world.account.attached[ROLE_NAME] == {READ_S3.arn: READ_S3.name}


@pytest.mark.parametrize("call", ["iam:AttachRolePolicy"])
def test_a_new_role_that_a_write_does_not_find_yet_is_waited_for(world: World, call: str) -> None:
    world.wire.on(call, fails("NoSuchEntity"), times=4)
    world.create(NAMED)
    assert world.account.attached[ROLE_NAME] == {READ_S3.arn: READ_S3.name}


def test_an_older_role_is_not_waited_for(world: World, clock: Clock) -> None:
    ready(world)
    world.account.attached[ROLE_NAME].clear()
    world.wire.on("iam:AttachRolePolicy", fails("NoSuchEntity"), times=4)
    before = clock.now

    world.refusal(PLAIN)

    assert clock.now == before


def test_a_new_role_that_one_late_read_hides_is_not_called_deleted(world: World) -> None:
    world.wire.on("iam:GetRole", answers(None), skip=1)
    world.create(NAMED)
    assert world.wire.names("iam:GetRole") == ["iam:GetRole"] * 3


def test_a_provider_made_a_moment_ago_is_waited_for(world: World) -> None:
    without_provider(world)
    world.wire.on("iam:CreateRole", UNKNOWN_PRINCIPAL, times=3)
    world.create(WITH_PROVIDER)
    assert list(world.account.roles) == [ROLE_NAME]


def test_a_provider_made_a_moment_ago_is_waited_for_half_a_minute(world: World, clock: Clock) -> None:
    without_provider(world)
    world.wire.on("iam:CreateRole", UNKNOWN_PRINCIPAL, times=999)
    before = clock.now

    error = world.refusal(WITH_PROVIDER)

    assert "Invalid principal" in str(error)
    assert 20 <= clock.now - before <= 31


def test_an_unknown_principal_is_an_error_where_the_provider_is_older(world: World, clock: Clock) -> None:
    world.wire.on("iam:CreateRole", UNKNOWN_PRINCIPAL)
    before = clock.now

    error = world.refusal(NAMED)

    assert "Invalid principal" in str(error)
    assert clock.now == before


def test_another_fault_of_the_document_is_never_waited_for(world: World) -> None:
    without_provider(world)
    world.wire.on("iam:CreateRole", fails("MalformedPolicyDocument", "Syntax errors"), times=9)

    world.refusal(WITH_PROVIDER)

    assert world.wire.names("iam:CreateRole") == ["iam:CreateRole"]


def test_mended_trust_is_read_back_until_it_is_shown(world: World) -> None:
    ready(world)
    wrong = our_role(trust=trust_policy([]))
    world.account.put(wrong, READ_S3)
    world.wire.on("iam:GetRole", answers(wrong), skip=2, times=3)
    world.create(PLAIN)
    assert len(world.wire.names("iam:GetRole")) == 1 + 1 + 4 + 1


def test_mended_trust_that_is_never_shown_fails_the_run_before_the_annotation(world: World) -> None:
    wrong = our_role(trust=trust_policy([]))
    world.account.put(wrong, READ_S3)
    world.kubernetes.put(service_account({}, MINE))
    world.wire.on("iam:GetRole", answers(wrong), times=999)

    error = world.refusal(NAMED)

    assert isinstance(error, TimedOut)
    assert world.annotations == {}


@pytest.mark.parametrize(
    "call", ["eks:DescribeCluster", "get serviceaccount", "iam:GetRole", "iam:CreateRole"]
)
def test_a_call_that_hangs_is_given_up_at_the_deadline(call: str) -> None:
    world = World()
    world.deadline = lambda: Deadline(0.3)
    released = threading.Event()
    world.wire.on(call, lambda _: released.wait(20))
    started = time.monotonic()

    error = world.refusal(NAMED)
    released.set()

    assert isinstance(error, TimedOut)
    assert time.monotonic() - started < 10


def test_a_deadline_ends_waiting_for_iam(world: World, clock: Clock) -> None:
    world.deadline = lambda: Deadline(10)
    world.wire.on("iam:GetRole", answers(None), times=999)
    before = clock.now

    error = world.refusal(NAMED)

    assert "another process deleted it, or IAM is delayed" in str(error)
    assert clock.now - before <= 10
