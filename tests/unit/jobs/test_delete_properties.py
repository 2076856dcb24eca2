# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds of create, update and delete in a row, whatever is asked for and wherever they break off."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from unit.fakes.examples import (
    BOUNDARY,
    READ_S3,
    ROLE_NAME,
    SUBJECT,
    by_arn,
    desired,
    inline,
)
from unit.fakes.wire import Crash, Hook, crashes_after, crashes_before, loses_the_answer
from unit.fakes.world import Clock, World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, NotFound
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest, Desired
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.policy.attached_by_us import read_record
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import (
    InlineName,
    PolicyName,
    PolicyReference,
)

in_memory = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
POLICIES: list[PolicyReference] = [by_arn(READ_S3), PolicyName("ReadSQS"), inline(), inline("writer", "s3:*")]
CRASHES: list[Hook] = [crashes_before, crashes_after]

policies = st.lists(st.sampled_from(POLICIES), unique_by=repr, max_size=4)
names = st.sampled_from([None, ROLE_NAME])
# Which write of a run something happens to; a run that has fewer has it happen to none.
positions = st.integers(0, 8)


@pytest.fixture(autouse=True)
def no_wait_takes_time(clock: Clock) -> Clock:
    return clock


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Without the role; with or without provider, namespace and a ServiceAccount of somebody else."""
    world = World()
    world.account.policies[BOUNDARY] = "boundary"
    if draw(st.booleans()):
        world.account.providers.clear()
    state = draw(st.sampled_from(["missing", "bare", "plain", "helm"]))
    world.kubernetes.namespaces = {"web": "missing" if state == "missing" else "active"}
    if state in ("plain", "helm"):
        managers = {"team": frozenset({"helm"})} if state == "helm" else {}
        world.kubernetes.put(ServiceAccount(SUBJECT, {"team": "web"}, managers, uid="1"))
    return world


@st.composite
def desired_states(draw: st.DrawFn) -> Desired:
    return desired(
        *draw(policies),
        name=draw(names),
        permissions_boundary=draw(st.sampled_from([None, BOUNDARY])),
        tags=draw(st.sampled_from([{}, {"team": "web"}])),
        audience=draw(st.sampled_from(["sts.amazonaws.com", "vault"])),
        token_expiration=draw(st.sampled_from([None, 3600])),
        create_oidc_provider=True,
        create_namespace=True,
    )


def delete_request(wanted: Desired) -> DeleteRequest:
    return DeleteRequest(desired(name=wanted.role.name))


def disturb(world: World, job: Callable[[World], Any], position: int, hook: Hook) -> None:
    """Have `hook` step in at one of the writes of `job`."""
    undisturbed = world.copy()
    with suppress(IamsaError):
        job(undisturbed)
    writes = undisturbed.wire.writes
    if position < len(writes):
        name = writes[position]
        world.wire.on(name, hook, skip=writes[:position].count(name))


def leftovers(world: World) -> Any:
    """All that is there, but for what a delete leaves on purpose: namespace and provider."""
    return world.account.roles, world.account.attached, world.account.inline, world.kubernetes.state()[0]


@in_memory
@given(worlds(), desired_states())
def test_what_was_created_is_deleted_without_a_trace(world: World, wanted: Desired) -> None:
    before = leftovers(world.copy())
    world.create(wanted)
    world.delete(delete_request(wanted))
    assert leftovers(world) == before
    world.wire.forget()
    with pytest.raises(NotFound):
        world.delete(delete_request(wanted))
    assert world.wire.writes == []


@in_memory
@given(worlds(), desired_states(), positions, st.sampled_from(CRASHES))
def test_a_create_that_breaks_off_anywhere_is_deleted_without_a_trace(
    world: World, wanted: Desired, position: int, hook: Hook
) -> None:
    before = leftovers(world.copy())
    disturb(world, lambda one: one.create(wanted), position, hook)
    with suppress(Crash):
        world.create(wanted)
    with suppress(NotFound):
        world.delete(delete_request(wanted))
    assert leftovers(world) == before


@in_memory
@given(worlds(), desired_states(), positions, st.sampled_from([*CRASHES, loses_the_answer]))
def test_a_delete_that_breaks_off_anywhere_is_completed_by_the_same_command(
    world: World, wanted: Desired, position: int, hook: Hook
) -> None:
    before = leftovers(world.copy())
    world.create(wanted)
    disturb(world, lambda one: one.delete(delete_request(wanted)), position, hook)
    with suppress(Crash, IamsaError):
        world.delete(delete_request(wanted))
    with suppress(NotFound):
        world.delete(delete_request(wanted))
    assert leftovers(world) == before


@in_memory
@given(worlds(), desired_states(), positions, st.sampled_from(CRASHES))
def test_a_delete_that_breaks_off_anywhere_can_be_taken_back_by_the_same_create(
    world: World, wanted: Desired, position: int, hook: Hook
) -> None:
    world.create(wanted)
    right = world.copy().state()
    disturb(world, lambda one: one.delete(delete_request(wanted)), position, hook)
    with suppress(Crash):
        world.delete(delete_request(wanted))
    world.create(wanted)
    assert world.state() == right


def absent(policy: PolicyReference) -> Any:
    """An inline policy by its name, as where its file is lost."""
    return InlineName(policy.name) if hasattr(policy, "document") else policy


def update(world: World, wanted: Desired, *added: PolicyReference, gone: tuple[Any, ...] = ()) -> None:
    world.create(desired(*added, absent=gone, name=wanted.role.name, create_role=False, audience=None))


@in_memory
@given(worlds(), desired_states(), policies)
def test_adding_policies_and_deleting_them_leaves_the_role_as_it_was(
    world: World, wanted: Desired, more: list[PolicyReference]
) -> None:
    there = set(map(repr, wanted.role.policies))
    new = tuple(policy for policy in more if repr(policy) not in there)
    world.create(wanted)
    before = world.copy().account
    update(world, wanted, *new)
    assert len(world.account.attached[world.role.name]) + len(world.account.inline[world.role.name]) == len(
        there
    ) + len(new)
    update(world, wanted, gone=tuple(map(absent, new)))
    assert (world.account.attached, world.account.inline) == (before.attached, before.inline)
    (was,) = before.roles.values()
    assert read_record(world.role.tags) == read_record(was.tags)
    assert {key: world.role.tags[key] for key in was.tags} == was.tags


@in_memory
@given(worlds(), desired_states(), policies, positions, st.sampled_from(CRASHES))
def test_an_update_that_breaks_off_anywhere_is_completed_by_the_same_command(
    world: World, wanted: Desired, gone: list[PolicyReference], position: int, hook: Hook
) -> None:
    def job(one: World) -> None:
        update(one, wanted, gone=tuple(map(absent, gone)))

    world.create(wanted)
    undisturbed = world.copy()
    job(undisturbed)
    disturb(world, job, position, hook)
    with suppress(Crash):
        job(world)
    # Until then an entry may be that of another run, which is about to put its policy there.
    world.account.age_record()
    job(world)
    assert world.state() == undisturbed.state()
    world.wire.forget()
    job(world)
    assert world.wire.writes == []


@in_memory
@given(worlds(), desired_states(), policies, positions, st.sampled_from(CRASHES))
def test_what_an_update_leaves_when_it_breaks_off_counts_as_ours(
    world: World, wanted: Desired, more: list[PolicyReference], position: int, hook: Hook
) -> None:
    before = leftovers(world.copy())
    world.create(wanted)
    disturb(world, lambda one: update(one, wanted, *more), position, hook)
    with suppress(Crash):
        update(world, wanted, *more)
    world.delete(delete_request(wanted))
    assert leftovers(world) == before


@in_memory
@given(worlds(), desired_states())
def test_a_role_that_is_kept_can_be_deleted_later(world: World, wanted: Desired) -> None:
    before = leftovers(world.copy())
    world.create(wanted)
    role = world.role
    world.delete(DeleteRequest(delete_request(wanted).desired, keep_role=True))
    assert world.role == role
    world.delete(delete_request(wanted))
    assert leftovers(world) == before


@in_memory
@given(worlds(), desired_states())
def test_a_service_account_that_is_kept_is_a_plain_one(world: World, wanted: Desired) -> None:
    world.create(wanted)
    held = world.annotations
    world.delete(DeleteRequest(delete_request(wanted).desired, keep_service_account=True))
    assert world.account.roles == {}
    assert world.annotations == {key: held[key] for key in held if key == "team"}
