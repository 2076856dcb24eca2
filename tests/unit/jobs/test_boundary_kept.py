# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A recorded permissions boundary that was lost, replaced or deleted: whole runs and their remedies."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kubectl_iamsa.spelling import spelled
from unit.fakes.examples import BOUNDARY, OTHER_BOUNDARY, READ_S3, ROLE_NAME, SUBJECT, desired
from unit.fakes.starts import S3
from unit.fakes.wire import raises
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import problems
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, NotFound, ResourceRef
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import TAG_BOUNDARY
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.describe import describe
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import NO_BOUNDARY

DENIED = Denied("you are not allowed to", action="iam:GetPolicy")


@pytest.fixture
def made(world: World) -> World:
    """A role with the boundary BOUNDARY, and a second policy that can be one."""
    world.account.policies.update({BOUNDARY: "boundary", OTHER_BOUNDARY: "other"})
    world.create(desired(S3, name=ROLE_NAME, permissions_boundary=BOUNDARY))
    world.wire.forget()
    return world


def bounded_by(world: World, arn: str | None, *, deleted: bool = False) -> None:
    """Somebody gives the role another boundary, or none, and may delete the policy that was one."""
    world.account.roles[ROLE_NAME] = replace(world.account.roles[ROLE_NAME], permissions_boundary=arn)
    if deleted:
        del world.account.policies[BOUNDARY]


def boundary(world: World) -> tuple[str | None, str | None]:
    """What the role has, and what is recorded."""
    role = world.account.roles[ROLE_NAME]
    return role.permissions_boundary, role.tags.get(TAG_BOUNDARY)


@pytest.mark.parametrize("dry_run", ["client", "server", "none"])
def test_one_that_was_lost_and_deleted_is_refused_before_any_write(made: World, dry_run: str) -> None:
    bounded_by(made, None, deleted=True)
    with pytest.raises(NotFound) as caught:
        made.create(desired(S3, name=ROLE_NAME), dry_run)  # type: ignore[arg-type]
    assert caught.value.resource == ResourceRef("policy", BOUNDARY)
    assert all(
        flag in spelled(caught.value.remedy) for flag in ("--permissions-boundary", "--remove-permissions-")
    )
    assert made.wire.writes == []


def test_its_first_remedy_names_another_one(made: World) -> None:
    bounded_by(made, None, deleted=True)
    made.create(desired(S3, name=ROLE_NAME, permissions_boundary=OTHER_BOUNDARY))
    assert boundary(made) == (OTHER_BOUNDARY, OTHER_BOUNDARY)


def test_its_second_remedy_goes_without(made: World) -> None:
    bounded_by(made, None, deleted=True)
    made.create(desired(name=ROLE_NAME, permissions_boundary=NO_BOUNDARY, create_role=False))
    assert boundary(made) == (None, None)
    made.create(desired(S3, name=ROLE_NAME))
    assert boundary(made) == (None, None)


def test_where_policies_may_not_be_read_the_lost_one_is_put_back(made: World) -> None:
    bounded_by(made, None)
    made.wire.on("iam:GetPolicy", raises(DENIED), times=99)
    made.create(desired(S3, name=ROLE_NAME))
    assert boundary(made) == (BOUNDARY, BOUNDARY)


def test_one_that_somebody_replaced_stays_and_is_told(made: World) -> None:
    bounded_by(made, OTHER_BOUNDARY)
    for _ in range(2):
        outcome = made.create(desired(S3, name=ROLE_NAME))
        assert (outcome.changed, boundary(made)) == (False, (OTHER_BOUNDARY, BOUNDARY))
        assert [OTHER_BOUNDARY in note and BOUNDARY in note for note in outcome.notices] == [True]


@pytest.mark.parametrize(
    ("there", "deleted", "option"),
    [
        pytest.param(OTHER_BOUNDARY, False, f"--permissions-boundary {BOUNDARY}", id="replaced"),
        pytest.param(OTHER_BOUNDARY, True, f"--permissions-boundary {OTHER_BOUNDARY}", id="replaced-deleted"),
        pytest.param(None, False, "", id="lost"),
        pytest.param(None, True, "--permissions-boundary POLICY_ARN", id="lost-deleted"),
    ],
)
def test_describe_warns_with_a_command_that_works(
    made: World, there: str | None, deleted: bool, option: str
) -> None:
    bounded_by(made, there, deleted=deleted)
    (problem,) = problems(describe(desired(), made.access()))
    assert (problem.check.id, problem.verdict) == ("boundary-kept", "warn")
    assert spelled(problem.remedy) == f"kubectl iamsa create my-sa -p {READ_S3.arn} -n web {option}".rstrip()


def test_nothing_more_is_asked_of_a_boundary_that_is_as_it_was(made: World) -> None:
    describe(desired(), made.access())
    made.create(desired(name=ROLE_NAME, create_role=False))
    assert made.wire.names("iam:GetPolicy") == []
    assert made.kubernetes.service_accounts[SUBJECT]
