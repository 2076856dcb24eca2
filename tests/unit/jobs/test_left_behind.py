# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A role that a run cannot know of, or leaves where it was, is at least told of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kubectl_iamsa.spelling import spelled
from unit.fakes.examples import HOME, READ_S3, ROLE_NAME, SUBJECT, by_arn, desired
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest

NAMED = desired(by_arn(READ_S3), name=ROLE_NAME)
UNNAMED = desired()


@pytest.fixture
def unannotated(world: World) -> World:
    """A role of a name of its own, and a ServiceAccount that does not tell it any more."""
    world.create(NAMED)
    made = world.kubernetes.service_accounts[SUBJECT]
    told = {key: value for key, value in made.annotations.items() if key != ANNOTATION_ROLE_ARN}
    world.kubernetes.service_accounts[SUBJECT] = replace(made, annotations=told)
    return world


@pytest.mark.parametrize("dry_run", ["client", "none"])
def test_a_delete_that_finds_no_role_says_how_to_delete_one_of_another_name(
    unannotated: World, dry_run: str
) -> None:
    removed = unannotated.delete(DeleteRequest(UNNAMED), dry_run)  # type: ignore[arg-type]
    assert tuple(map(spelled, removed.notices)) == (
        f"role {removed.role_name} did not exist; if the role has another name, delete it with --role-name",
    )
    assert ROLE_NAME in unannotated.account.roles


def test_a_delete_that_is_told_the_role_has_nothing_to_say(unannotated: World) -> None:
    assert unannotated.delete(DeleteRequest(NAMED)).notices == ()


def test_a_delete_that_goes_on_has_nothing_to_say_of_the_role_that_it_deleted(world: World) -> None:
    world.create(NAMED)
    arn = world.annotations[ANNOTATION_ROLE_ARN]
    del world.account.roles[ROLE_NAME]
    world.account.attached.pop(ROLE_NAME)
    assert arn == HOME.role_arn("/iamsa/", ROLE_NAME)
    assert world.delete(DeleteRequest(UNNAMED)).notices == ()


@pytest.mark.parametrize("dry_run", ["client", "none"])
def test_a_move_says_that_the_earlier_role_stays(world: World, dry_run: str) -> None:
    world.create(NAMED)
    earlier = world.annotations[ANNOTATION_ROLE_ARN]
    wanted = desired(by_arn(READ_S3), name="new", force_conflicts=True)

    outcome = world.create(wanted, dry_run)  # type: ignore[arg-type]

    assert outcome.notices == (
        f"serviceaccount {SUBJECT} previously used {earlier}; that role is left unchanged",
    )


def test_without_a_move_there_is_nothing_to_say(world: World) -> None:
    assert world.create(NAMED).notices == ()
    assert world.create(NAMED).notices == ()


@pytest.mark.parametrize("text", ["", "no ARN", HOME.role_arn("/elsewhere/", ROLE_NAME)])
def test_what_was_no_other_role_is_not_said_to_stay(world: World, text: str) -> None:
    world.create(NAMED)
    made = world.kubernetes.service_accounts[SUBJECT]
    world.kubernetes.service_accounts[SUBJECT] = replace(
        made, annotations={**made.annotations, ANNOTATION_ROLE_ARN: text}
    )
    assert world.create(desired(by_arn(READ_S3), name=ROLE_NAME, force_conflicts=True)).notices == ()
