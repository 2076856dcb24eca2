# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a role has besides its trust: boundary, settings, tags and path."""

from __future__ import annotations

from typing import Any

import pytest
from unit.fakes.examples import (
    BOUNDARY,
    EARLIER_ISSUER,
    FACTS,
    HOME,
    OPS_STATEMENT,
    OTHER_BOUNDARY,
    READ_S3,
    desired,
    observed,
    our_role,
    our_statement,
    planned,
    retagged,
    service_account,
    target,
)

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN, TAG_BOUNDARY
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import NO_BOUNDARY, Desired
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.role import SetBoundary, TagRole
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step
from ansible_collections.iamsa.eks.plugins.module_utils.plan.boundary import boundary_left
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import trust_policy

OURS = our_statement()
STALE = our_statement(EARLIER_ISSUER)
UNMANAGED = our_role(tags={"team": "ops"}, trust=trust_policy([OPS_STATEMENT]))
EARLIER = retagged(our_role(trust=trust_policy([STALE])), iamsa__issuer=EARLIER_ISSUER)
OPS_IN_WORDS = "Allow sts:AssumeRole to arn:aws:iam::999999999999:role/ops"


def steps(role: Role | None, wanted: Desired | None = None) -> tuple[Step, ...]:
    return planned(wanted or desired(), FACTS, observed(role, service_account()))


def the_step(role: Role, wanted: Desired | None = None) -> Step:
    (only,) = steps(role, wanted)
    return only


def refusal(role: Role | None, wanted: Desired | None = None) -> str:
    with pytest.raises(Refused) as caught:
        steps(role, wanted)
    return str(caught.value)


@pytest.mark.parametrize(
    ("there", "asked", "recorded", "becomes"),
    [
        pytest.param(None, None, None, None, id="none"),
        pytest.param(BOUNDARY, None, None, None, id="somebodys-stays"),
        pytest.param(BOUNDARY, None, BOUNDARY, None, id="recorded-stays"),
        pytest.param(OTHER_BOUNDARY, None, BOUNDARY, None, id="exchanged-by-hand-stays"),
        pytest.param(None, None, BOUNDARY, BOUNDARY, id="recorded-comes-back"),
        pytest.param(None, OTHER_BOUNDARY, BOUNDARY, OTHER_BOUNDARY, id="asked-wins-recorded"),
        pytest.param(None, BOUNDARY, None, BOUNDARY, id="asked"),
        pytest.param(OTHER_BOUNDARY, BOUNDARY, OTHER_BOUNDARY, BOUNDARY, id="asked-replaces"),
        pytest.param(BOUNDARY, BOUNDARY, BOUNDARY, None, id="asked-and-there"),
    ],
)
def test_the_boundary(
    there: str | None, asked: str | None, recorded: str | None, becomes: str | None
) -> None:
    role = retagged(our_role(permissions_boundary=there), iamsa__permissions_boundary=recorded)
    set_to = [
        step.boundary
        for step in steps(role, desired(permissions_boundary=asked))
        if isinstance(step, SetBoundary)
    ]
    assert set_to == ([becomes] if becomes else [])


@pytest.mark.parametrize(
    ("there", "options", "is_told"),
    [
        pytest.param(OTHER_BOUNDARY, {}, True, id="replaced"),
        pytest.param(OTHER_BOUNDARY, {"permissions_boundary": BOUNDARY}, False, id="restored-by-the-flag"),
        pytest.param(OTHER_BOUNDARY, {"permissions_boundary": NO_BOUNDARY}, False, id="removed-by-the-flag"),
        pytest.param(BOUNDARY, {}, False, id="kept"),
        pytest.param(None, {}, False, id="lost-and-restored"),
    ],
)
def test_a_boundary_that_somebody_replaced_is_told(
    there: str | None, options: dict[str, Any], is_told: bool
) -> None:
    role = retagged(our_role(permissions_boundary=there), iamsa__permissions_boundary=BOUNDARY)
    told = boundary_left(target(desired(**options), there=observed(role)), role)
    assert [BOUNDARY in one and OTHER_BOUNDARY in one for one in told] == [True] * is_told


def test_a_boundary_that_another_is_confirmed_in_place_of_is_recorded() -> None:
    role = retagged(our_role(permissions_boundary=OTHER_BOUNDARY), iamsa__permissions_boundary=BOUNDARY)
    step = the_step(role, desired(permissions_boundary=OTHER_BOUNDARY))
    assert step == TagRole("app", {TAG_BOUNDARY: OTHER_BOUNDARY})


def test_a_boundary_that_comes_back_is_said_to() -> None:
    role = retagged(our_role(), iamsa__permissions_boundary=BOUNDARY)
    assert the_step(role).sentence == f"role/app permissions boundary {BOUNDARY} restored"


@pytest.mark.parametrize(
    ("asked", "after"),
    [
        pytest.param({"description": "new"}, ("new", 7200), id="description-keeps-length"),
        pytest.param({"max_session_duration": 3600}, ("old", 3600), id="length-keeps-description"),
        pytest.param({"description": ""}, ("", 7200), id="description-emptied"),
    ],
)
def test_a_setting_is_changed_beside_the_other(asked: dict[str, Any], after: tuple[str, int]) -> None:
    step = the_step(our_role(description="old", max_session_duration=7200), desired(**asked))
    assert (step.description, step.max_session_duration) == after


def test_settings_that_are_not_asked_for_stay() -> None:
    assert steps(our_role(description="old", max_session_duration=7200)) == ()


def test_no_description_is_as_good_as_an_empty_one() -> None:
    assert steps(our_role(description=None), desired(description="")) == ()


def test_a_tag_is_set_and_others_stay() -> None:
    step = the_step(retagged(our_role(), team="ops", stage="x"), desired(tags={"team": "web"}))
    assert step == TagRole("app", {"team": "web"})


@pytest.mark.parametrize("tag", ["iamsa__manager", "iamsa__issuer"])
def test_a_missing_tag_of_ours_is_put_back(tag: str) -> None:
    assert list(the_step(retagged(our_role(), **{tag: None})).tags) == [tag.replace("__", "/")]


def test_more_tags_than_aws_allows_are_refused_with_the_number() -> None:
    role = our_role(tags={**our_role().tags, **{f"t{n}": "x" for n in range(45)}})
    assert refusal(role, desired(tags={"one-more": "x"})).startswith("role app would have 51 tags (50 now)")


def test_a_tag_that_is_removed_makes_room_for_another_in_the_same_run() -> None:
    role = our_role(tags={**our_role().tags, **{f"t{n}": "x" for n in range(45)}})
    done = steps(role, desired(tags={"one-more": "x"}, removed_tags=("t0",)))
    assert [(step.verb, step.target.part) for step in done] == [("remove", "tags"), ("set", "tags")]


def test_the_record_of_a_policy_needs_room_too() -> None:
    role = our_role(tags={**our_role().tags, **{f"t{n}": "x" for n in range(45)}})
    with pytest.raises(Refused, match="would have 51 tags"):
        planned(desired(), FACTS, observed(role, service_account(), READ_S3))


def test_a_tag_that_differs_in_case_takes_no_room_of_its_own() -> None:
    role = our_role(tags={**our_role().tags, **{f"t{n}": "x" for n in range(45)}})
    assert the_step(role, desired(tags={"T0": "y"})).tags == {"T0": "y"}


def test_a_role_under_another_path_is_refused_with_its_own() -> None:
    assert refusal(our_role(), desired(path="/team/")) == (
        "role app has the path /iamsa/, not /team/, and a role's path cannot be changed;"
        " omit <path>, or use <path=/iamsa/>"
    )


def test_a_role_under_another_path_is_taken_where_no_path_is_asked_for() -> None:
    arn = HOME.role_arn("/team/", "app")
    there = observed(our_role(path="/team/", arn=arn), service_account({ANNOTATION_ROLE_ARN: arn}))
    assert planned(desired(), FACTS, there) == ()
