# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run ends when IAM's reads show what it wrote: the next one then plans with what is there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from unit.fakes.examples import (
    BOUNDARY,
    OPS_STATEMENT,
    READ_S3,
    READ_SQS,
    ROLE_ARN,
    ROLE_NAME,
    desired,
    document,
    inline,
    our_role,
    recorded,
    retagged,
    service_account,
)
from unit.fakes.starts import MINE, S3
from unit.fakes.wire import answers
from unit.fakes.world import Clock, World

from ansible_collections.iamsa.eks.plugins.module_utils.aws.retry import CATCH_UP_SECONDS
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import NotFound, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Desired
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import InlineName, PolicyName
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import trust_policy

OURS = recorded(our_role(), READ_S3, inline())
UNBOUND = retagged(OURS, iamsa__permissions_boundary=BOUNDARY)
GET, ATTACHED, INLINE = "iam:GetRole", "iam:ListAttachedRolePolicies", "iam:GetRolePolicy"
ONE = {READ_S3.arn: READ_S3.name}
BOTH = {**ONE, READ_SQS.arn: READ_SQS.name}


@pytest.fixture
def made(world: World) -> World:
    """A role with two policies and its ServiceAccount."""
    world.account.put(OURS, READ_S3, reader=document())
    world.account.add(READ_SQS)
    world.account.policies[BOUNDARY] = "boundary"
    world.kubernetes.put(service_account(managers=MINE))
    return world


def changed(*policies: Any, **options: Any) -> Desired:
    return desired(*policies, create_role=False, audience=None, **options)


# What is asked for; the read that must show it, and how many times it is made before; what it still says.
WRITES = [
    pytest.param(changed(PolicyName("ReadSQS")), ATTACHED, 1, ONE, id="attached"),
    pytest.param(changed(absent=(PolicyName("ReadS3"),)), ATTACHED, 1, ONE, id="detached"),
    pytest.param(changed(inline("writer")), INLINE, 1, None, id="put"),
    pytest.param(changed(inline(action="s3:*")), INLINE, 1, document(), id="repaired"),
    pytest.param(changed(absent=(InlineName("reader"),)), INLINE, 0, document(), id="deleted"),
    pytest.param(changed(tags={"team": "web"}), GET, 2, OURS, id="tagged"),
    pytest.param(changed(permissions_boundary=BOUNDARY), GET, 2, OURS, id="bounded"),
    pytest.param(changed(permissions_boundary=BOUNDARY), GET, 2, UNBOUND, id="bounded-after-tagged"),
    pytest.param(changed(description="reads"), GET, 2, OURS, id="described"),
    pytest.param(changed(max_session_duration=7200), GET, 2, OURS, id="lengthened"),
]
TITLES = {GET: "role", ATTACHED: "attached policies", INLINE: "inline policies"}


@pytest.mark.parametrize(("wanted", "read", "before", "stale"), WRITES)
def test_it_waits_until_reads_show_what_was_written(
    made: World, wanted: Desired, read: str, before: int, stale: Any
) -> None:
    made.wire.on(read, answers(stale), skip=before, times=3)
    outcome = made.create(wanted)
    assert outcome.notices == ()
    assert len(made.wire.names(read)) == before + 3 + 1


@pytest.mark.parametrize(("wanted", "read", "before", "stale"), WRITES)
def test_what_is_not_shown_within_a_minute_is_told_and_no_failure(
    made: World, clock: Clock, wanted: Desired, read: str, before: int, stale: Any
) -> None:
    made.wire.on(read, answers(stale), skip=before, times=999)
    begun = clock.now
    outcome = made.create(wanted)
    assert outcome.notices == (f"IAM does not show the change to the {TITLES[read]} of role {ROLE_NAME} yet",)
    assert 50 <= clock.now - begun <= 61


def test_the_time_of_the_whole_run_ends_the_waiting_too(made: World, clock: Clock) -> None:
    made.deadline = lambda: Deadline(10)
    made.wire.on(ATTACHED, answers({}), skip=1, times=999)
    begun = clock.now
    outcome = made.create(changed(PolicyName("ReadSQS")))
    assert len(outcome.notices) == 1
    assert clock.now - begun <= 10


@pytest.fixture
def last_look(world: World) -> int:
    """How often a role that is made is looked at before the end of the run."""
    undisturbed = world.copy()
    undisturbed.create(desired(S3))
    return len(undisturbed.wire.names(GET)) - 1


def test_a_role_that_was_just_made_may_be_hidden_for_a_moment(world: World, last_look: int) -> None:
    world.wire.on(GET, answers(None), skip=last_look, times=3)
    assert world.create(desired(S3)).notices == ()
    assert len(world.wire.names(GET)) == last_look + 3 + 1


def test_a_role_that_was_just_made_is_shown_with_its_trust(world: World, last_look: int) -> None:
    others = replace(our_role(), trust=trust_policy([OPS_STATEMENT]))
    world.wire.on(GET, answers(others), skip=last_look, times=3)
    assert world.create(desired(S3)).notices == ()
    assert len(world.wire.names(GET)) == last_look + 3 + 1


def test_a_new_role_that_stays_hidden_for_a_minute_was_deleted_or_is_late(
    world: World, last_look: int, clock: Clock
) -> None:
    world.wire.on(GET, answers(None), skip=last_look, times=999)
    begun = clock.now
    with pytest.raises(NotFound, match="another process deleted it, or IAM is delayed"):
        world.create(desired(S3))
    assert CATCH_UP_SECONDS / 2 < clock.now - begun <= CATCH_UP_SECONDS


def test_an_older_role_that_is_no_longer_shown_is_not_waited_for(made: World, clock: Clock) -> None:
    made.wire.on(GET, answers(None), skip=2, times=999)
    begun = clock.now
    with pytest.raises(NotFound, match="was deleted by another process during this run"):
        made.create(changed(tags={"team": "web"}))
    assert clock.now == begun


def test_an_annotation_that_is_removed_meanwhile_is_told(made: World) -> None:
    made.wire.on("iam:TagRole", lambda _: made.kubernetes.put(service_account({})))
    with pytest.raises(RemoteError, match=f"web/my-sa lost its annotation for role {ROLE_ARN} while this"):
        made.create(changed(tags={"team": "web"}))


def test_what_others_do_at_the_same_time_is_not_waited_for(made: World, clock: Clock) -> None:
    theirs = {**BOTH, "arn:aws:iam::123456789012:policy/theirs": "theirs"}
    made.wire.on(ATTACHED, answers(theirs), skip=1)
    begun = clock.now
    assert made.create(changed(PolicyName("ReadSQS"))).notices == ()
    assert clock.now == begun


def test_where_nothing_is_written_nothing_is_looked_at_again(made: World) -> None:
    made.create(desired(S3, inline(), name=ROLE_NAME))
    assert made.wire.writes == []
    assert sorted(made.wire.names("iam:")) == ["iam:GetOpenIDConnectProvider", GET, INLINE, ATTACHED]


def test_only_what_was_touched_is_looked_at_again(made: World) -> None:
    made.create(changed(tags={"team": "web"}))
    assert made.wire.names(ATTACHED) == [ATTACHED]
    assert made.wire.names(INLINE) == []
