# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that ends anywhere, or whose answers are lost, is mended by the same run again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from unit.fakes.starts import STARTS, Arrange
from unit.fakes.wire import Crash, Hook, crashes_after, crashes_before, fails, loses_the_answer
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Desired

pytestmark = pytest.mark.parametrize(("arrange", "wanted"), STARTS)


def disturbed(world: World, arrange: Arrange, wanted: Desired, hook: Hook) -> Iterator[World]:
    """For each write of an undisturbed run a world in which `hook` is given just that write."""
    arrange(world)
    undisturbed = world.copy()
    undisturbed.create(wanted)
    for position, name in enumerate(undisturbed.wire.writes):
        other = world.copy()
        other.wire.on(name, hook, skip=undisturbed.wire.writes[:position].count(name))
        yield other


def end(world: World, wanted: Desired) -> object:
    other = world.copy()
    other.create(wanted)
    return other.state()


@pytest.mark.parametrize(
    "hook", [pytest.param(crashes_before, id="before"), pytest.param(crashes_after, id="after")]
)
def test_after_a_crash_at_any_write_the_same_command_ends_where_it_would_have_ended(
    world: World, arrange: Arrange, wanted: Desired, hook: Hook
) -> None:
    for crashed in disturbed(world, arrange, wanted, hook):
        with pytest.raises(Crash):
            crashed.create(wanted)
        crashed.create(wanted)

        assert crashed.state() == end(world, wanted)


def test_after_a_crash_a_third_run_writes_nothing(world: World, arrange: Arrange, wanted: Desired) -> None:
    for crashed in disturbed(world, arrange, wanted, crashes_after):
        with pytest.raises(Crash):
            crashed.create(wanted)
        crashed.create(wanted)
        crashed.wire.forget()
        crashed.create(wanted)

        assert crashed.wire.writes == []


def test_after_a_crash_no_pod_is_given_a_role_that_is_not_there(
    world: World, arrange: Arrange, wanted: Desired
) -> None:
    arrange(world)
    before = world.kubernetes.state()[0]
    for crashed in disturbed(world.copy(), arrange, wanted, crashes_before):
        with pytest.raises(Crash):
            crashed.create(wanted)

        assert crashed.kubernetes.state()[0] == before


def test_a_write_whose_answer_is_lost_counts_as_done(world: World, arrange: Arrange, wanted: Desired) -> None:
    for broken in disturbed(world, arrange, wanted, loses_the_answer):
        broken.create(wanted)

        assert broken.state() == end(world, wanted)


def test_a_write_that_fails_ends_the_run_and_only_its_record_is_taken_back_after_it(
    world: World, arrange: Arrange, wanted: Desired
) -> None:
    for failing in disturbed(world, arrange, wanted, fails("InternalFailure", "no luck")):
        with pytest.raises(RemoteError, match="no luck"):
            failing.create(wanted)

        done = len(failing.told.steps)
        assert failing.wire.writes[done + 1 :] in ([], ["iam:UntagRole"])
