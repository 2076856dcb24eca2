# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A create and a delete of one ServiceAccount at once: one runs before or after each write of the other.

None says that it is done where it is not, and what is left half done is said by one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from unit.fakes.examples import ROLE_ARN, ROLE_NAME, SUBJECT, desired, inline, retagged, service_account
from unit.fakes.starts import S3
from unit.fakes.wire import Hook
from unit.fakes.world import Clock, World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, NotFound
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest, Desired

PLAIN = desired(name=ROLE_NAME)
FULL = desired(S3, inline(), name=ROLE_NAME)
DESIRED = {"no policies": PLAIN, "policies": FULL}


def nothing(_world: World, _wanted: Desired) -> None:
    pass


def all_is_there(world: World, wanted: Desired) -> None:
    world.create(wanted)


def on_a_plain_service_account(world: World, wanted: Desired) -> None:
    """The ServiceAccount is not iamsa's, and stays."""
    world.kubernetes.put(service_account({"team": "web"}))
    world.create(wanted)


def without_service_account(world: World, wanted: Desired) -> None:
    world.create(wanted)
    world.kubernetes.service_accounts.clear()


def without_role(world: World, wanted: Desired) -> None:
    world.create(wanted)
    for part in (world.account.roles, world.account.attached, world.account.inline):
        part.clear()


def untagged(world: World, wanted: Desired) -> None:
    """A create has something to do on the role, and nothing on the ServiceAccount."""
    world.create(wanted)
    world.account.roles[ROLE_NAME] = retagged(world.role, iamsa__manager=None)


def without_policies(world: World, wanted: Desired) -> None:
    world.create(wanted)
    world.account.attached[ROLE_NAME].clear()
    world.account.inline[ROLE_NAME].clear()


STARTS: dict[str, Callable[[World, Desired], None]] = {
    "nothing": nothing,
    "all": all_is_there,
    "plain service account": on_a_plain_service_account,
    "no service account": without_service_account,
    "no role": without_role,
    "a tag is missing": untagged,
    "its policies are missing": without_policies,
}


@dataclass
class Ends:
    """What came of both runs; None: it ended well, without an error."""

    create: IamsaError | None = None
    delete: IamsaError | None = None


def create(world: World, wanted: Desired) -> IamsaError | None:
    try:
        world.create(wanted)
    except IamsaError as error:
        return error
    return None


def delete(world: World, wanted: Desired) -> IamsaError | None:
    try:
        world.delete(DeleteRequest(wanted))
    except NotFound:
        return None
    except IamsaError as error:
        return error
    return None


def hooks(act: Callable[[], None]) -> dict[str, Hook]:
    def before(work: Callable[[], Any]) -> Any:
        act()
        return work()

    def after(work: Callable[[], Any]) -> Any:
        found = work()
        act()
        return found

    return {"before": before, "after": after}


def interleaved(
    world: World, clock: Clock, outer: Callable[[World], None], inner: Callable[[World], None]
) -> Iterator[tuple[str, World]]:
    """For each write of an undisturbed `outer` two worlds in which `inner` runs right before and after it."""
    undisturbed = world.copy()
    outer(undisturbed)
    names = undisturbed.wire.writes
    for position, name in enumerate(names):
        for point in ("before", "after"):
            other = world.copy()

            def later(other: World = other) -> None:
                clock.now += 2
                inner(other)

            hook = hooks(later)[point]
            other.wire.on(name, hook, skip=names[:position].count(name))
            outer(other)
            yield f"{point} {name}#{position}", other


def is_bound(world: World) -> bool:
    there = world.kubernetes.service_accounts.get(SUBJECT)
    return bool(there and there.annotations.get(ANNOTATION_ROLE_ARN) == ROLE_ARN)


def check(world: World, ends: Ends, where: str, wanted: Desired, *, create_ends_last: bool) -> None:
    there = ROLE_NAME in world.account.roles
    if there != is_bound(world):
        assert ends.create or ends.delete, f"{where}: role {there}, bound {is_bound(world)}, unsaid"
    if create_ends_last and not ends.create:
        assert there, where
        assert is_bound(world), where
        assert len(world.account.attached[ROLE_NAME]) == len(wanted.role.policies[:1]), where
        assert len(world.account.inline[ROLE_NAME]) == len(wanted.role.policies[1:]), where
    if not create_ends_last and not ends.delete and not ends.create and not there:
        assert not is_bound(world), where
    for error in (ends.create, ends.delete):
        assert error is None or error.remedy, f"{where}: {error}"


def check_that_both_can_go_on(world: World, where: str, wanted: Desired) -> None:
    """What either has left is completed, and taken away, by the same commands again."""
    completed, removed = world.copy(), world.copy()
    assert create(completed, wanted) is None, where
    assert is_bound(completed), where
    assert delete(removed, wanted) is None, where
    assert (removed.account.roles, is_bound(removed)) == ({}, False), where


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("asked", DESIRED)
def test_a_delete_in_the_middle_of_a_create(world: World, clock: Clock, start: str, asked: str) -> None:
    wanted = DESIRED[asked]
    STARTS[start](world, wanted)
    ends = Ends()

    def outer(one: World) -> None:
        ends.create = create(one, wanted)

    def inner(one: World) -> None:
        ends.delete = delete(one, wanted)

    for where, one in interleaved(world, clock, outer, inner):
        check(one, ends, where, wanted, create_ends_last=True)
        check_that_both_can_go_on(one, where, wanted)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("asked", DESIRED)
def test_a_create_in_the_middle_of_a_delete(world: World, clock: Clock, start: str, asked: str) -> None:
    wanted = DESIRED[asked]
    STARTS[start](world, wanted)
    ends = Ends()

    def outer(one: World) -> None:
        ends.delete = delete(one, wanted)

    def inner(one: World) -> None:
        ends.create = create(one, wanted)

    for where, one in interleaved(world, clock, outer, inner):
        check(one, ends, where, wanted, create_ends_last=False)
        check_that_both_can_go_on(one, where, wanted)
