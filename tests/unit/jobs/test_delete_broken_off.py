# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A delete that ends anywhere is completed by the same delete, and ends a create that was broken off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from unit.fakes.examples import BOUNDARY, READ_S3, SUBJECT, desired, inline
from unit.fakes.starts import S3
from unit.fakes.wire import Crash, Hook, crashes_after, crashes_before, loses_the_answer
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import NotFound, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest, Desired
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import PolicyName

FULL = desired(S3, PolicyName("ReadSQS"), inline(), permissions_boundary=BOUNDARY, token_expiration=3600)
ASKED = DeleteRequest(desired())
POINTS = [pytest.param(crashes_before, id="before"), pytest.param(crashes_after, id="after")]


@pytest.fixture(params=["made-here", "plain"])
def full(world: World, request: pytest.FixtureRequest) -> World:
    """A role with all that iamsa puts on one, and a ServiceAccount that it made or only annotated."""
    world.account.policies[BOUNDARY] = "boundary"
    if request.param == "plain":
        world.kubernetes.put(ServiceAccount(SUBJECT, {"team": "web"}, uid="1"))
    world.create(FULL)
    return world


def disturbed(world: World, hook: Hook) -> Iterator[World]:
    """For each write of an undisturbed delete a world in which `hook` is given just that write."""
    undisturbed = world.copy()
    undisturbed.delete(ASKED)
    writes = undisturbed.wire.writes
    for position, name in enumerate(writes):
        other = world.copy()
        other.wire.on(name, hook, skip=writes[:position].count(name))
        yield other


def emptied(world: World) -> object:
    """What is left where nothing disturbs."""
    other = world.copy()
    other.delete(ASKED)
    return other.state()


def again(world: World) -> None:
    with suppress(NotFound):
        world.delete(ASKED)


@pytest.mark.parametrize("hook", POINTS)
def test_after_a_crash_at_any_write_the_same_command_ends_where_it_would_have_ended(
    full: World, hook: Hook
) -> None:
    for crashed in disturbed(full, hook):
        with pytest.raises(Crash):
            crashed.delete(ASKED)
        again(crashed)
        assert crashed.state() == emptied(full)
        crashed.wire.forget()
        with pytest.raises(NotFound):
            crashed.delete(ASKED)
        assert crashed.wire.writes == []


@pytest.mark.parametrize("hook", POINTS)
def test_at_no_time_an_annotation_names_a_role_that_is_being_taken_apart(full: World, hook: Hook) -> None:
    before = full.account.state()
    for crashed in disturbed(full, hook):
        with pytest.raises(Crash):
            crashed.delete(ASKED)
        service_account = crashed.kubernetes.service_accounts.get(SUBJECT)
        if service_account and "eks.amazonaws.com/role-arn" in service_account.annotations:
            assert crashed.account.state() == before


def test_a_lost_answer_is_made_up_for_or_told_and_run_again(full: World) -> None:
    for broken in disturbed(full, loses_the_answer):
        try:
            broken.delete(ASKED)
        except RemoteError:
            again(broken)
        assert broken.state() == emptied(full)


@pytest.mark.parametrize("hook", POINTS)
@pytest.mark.parametrize("wanted", [FULL, desired(S3, name="mine")], ids=["derived", "named"])
def test_a_create_that_was_broken_off_is_deleted_without_a_trace(
    world: World, hook: Hook, wanted: Desired
) -> None:
    world.account.policies[BOUNDARY] = "boundary"
    empty = world.state()
    undisturbed = world.copy()
    undisturbed.create(wanted)
    for position, name in enumerate(undisturbed.wire.writes):
        crashed = world.copy()
        crashed.wire.on(name, hook, skip=undisturbed.wire.writes[:position].count(name))
        with pytest.raises(Crash):
            crashed.create(wanted)
        with suppress(NotFound):
            crashed.delete(DeleteRequest(desired(name=wanted.role.name)))
        assert crashed.state() == empty


def test_what_was_created_and_deleted_can_be_created_again(full: World) -> None:
    before = full.copy().state()
    full.delete(ASKED)
    full.create(FULL)
    assert full.state() == before


def test_adding_and_deleting_policies_leaves_all_as_it_was(full: World) -> None:
    before = full.state()
    full.create(desired(PolicyName("ReadSQS"), create_role=False, audience=None))
    assert full.state() == before
    full.create(desired(create_role=False, audience=None, absent=(PolicyName("ReadSQS"),)))
    assert set(full.account.attached.popitem()[1].values()) == {READ_S3.name}
