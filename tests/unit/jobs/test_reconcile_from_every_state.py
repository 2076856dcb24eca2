# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs from every state: what they leave, that they are final, and that a dry run foretells them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from unit.fakes.examples import undated
from unit.fakes.starts import STARTS, Arrange
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Desired
from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import Outcome

pytestmark = pytest.mark.parametrize(("arrange", "wanted"), STARTS)


def result(outcome: Outcome) -> object:
    """What a run says it left, whatever it did for it, and whatever it had to read for that."""
    role = undated(outcome.role)
    return replace(outcome, role=role, steps=(), restarts=(), notices=(), knows_inline=False)


def said(outcome: Outcome) -> str:
    """All that a run says but its notices, and but for the time at which a policy is recorded."""
    return re.sub(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "now", repr(replace(outcome, notices=())))


def test_a_second_run_writes_nothing(world: World, arrange: Arrange, wanted: Desired) -> None:
    arrange(world)
    world.create(wanted)
    world.wire.forget()

    outcome = world.create(wanted)

    assert (outcome.steps, world.wire.writes) == ((), [])


def test_a_run_says_what_it_left(world: World, arrange: Arrange, wanted: Desired) -> None:
    arrange(world)
    claimed = world.create(wanted)
    assert result(claimed) == result(world.create(wanted))


def test_the_service_account_names_the_role_that_is_there(
    world: World, arrange: Arrange, wanted: Desired
) -> None:
    arrange(world)
    world.create(wanted)
    assert world.annotations[ANNOTATION_ROLE_ARN] in {role.arn for role in world.account.roles.values()}


@pytest.mark.parametrize("dry_run", ["client", "server"])
def test_a_dry_run_writes_nothing(world: World, arrange: Arrange, wanted: Desired, dry_run: str) -> None:
    arrange(world)
    before = world.state()

    world.create(wanted, dry_run)  # type: ignore[arg-type]

    assert (world.wire.writes, world.state()) == ([], before)


@pytest.mark.parametrize("dry_run", ["client", "server"])
def test_a_dry_run_foretells_the_real_one(
    world: World, arrange: Arrange, wanted: Desired, dry_run: str
) -> None:
    arrange(world)
    foretold = world.copy().create(wanted, dry_run)  # type: ignore[arg-type]
    done = world.create(wanted)
    assert said(foretold) == said(done)


def test_a_client_dry_run_tries_nothing(world: World, arrange: Arrange, wanted: Desired) -> None:
    arrange(world)
    world.create(wanted, "client")
    assert world.wire.names("rehearse") == []


def test_every_step_is_reported_once_it_is_done(world: World, arrange: Arrange, wanted: Desired) -> None:
    arrange(world)
    outcome = world.create(wanted)
    assert (world.told.plans, tuple(world.told.steps)) == ([outcome.steps], outcome.steps)


def test_the_service_account_is_written_last(world: World, arrange: Arrange, wanted: Desired) -> None:
    arrange(world)
    world.create(wanted)
    written = [name for name in world.wire.writes if "serviceaccount" in name]
    assert world.wire.writes[len(world.wire.writes) - len(written) :] == written
