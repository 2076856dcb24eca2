# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Desired means: which role, with which path, tags, trust and annotations."""

from __future__ import annotations

from typing import Any

import pytest
from unit.fakes.examples import (
    ACCOUNT,
    BOUNDARY,
    CLUSTER,
    FACTS,
    HOME,
    OTHER_BOUNDARY,
    ROLE_ARN,
    SUBJECT,
    desired,
    observed,
    our_role,
    service_account,
    target,
)

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_STS_REGIONAL,
    ANNOTATION_TOKEN_EXPIRATION,
    TAG_BOUNDARY,
    boundary_of_tag,
    boundary_tag,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.ownership import ownership_tags
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import NewRole
from ansible_collections.iamsa.eks.plugins.module_utils.model.names import check_boundary
from ansible_collections.iamsa.eks.plugins.module_utils.model.values import check_tag
from ansible_collections.iamsa.eks.plugins.module_utils.plan.role_choice import choose_role

DERIVED = choose_role(desired(), FACTS, None, None).default


@pytest.mark.parametrize(
    ("options", "annotated", "choice"),
    [
        pytest.param({}, None, (DERIVED, False), id="nothing-said"),
        pytest.param({"name_style": "gen3"}, None, ("demo-my-sa-role", False), id="gen3"),
        pytest.param({"name": "mine"}, None, ("mine", False), id="named"),
        pytest.param({"name": "mine", "name_style": "gen3"}, None, ("mine", False), id="name-wins-style"),
        pytest.param({}, ROLE_ARN, ("app", True), id="annotated"),
        pytest.param(
            {"name_style": "gen3"},
            ROLE_ARN,
            ("app", True),
            id="annotation-wins-style",
        ),
        pytest.param({"name": "mine"}, ROLE_ARN, ("mine", False), id="name-wins-annotation"),
        pytest.param({}, "", (DERIVED, False), id="annotation-empty"),
        pytest.param({}, "app", (DERIVED, False), id="annotation-no-arn"),
        pytest.param({}, "arn:aws:iam::999999999999:role/app", (DERIVED, False), id="other-account"),
        pytest.param({}, f"arn:aws-cn:iam::{ACCOUNT}:role/app", (DERIVED, False), id="other-partition"),
        pytest.param({}, f"arn:aws:iam::{ACCOUNT}:user/app", (DERIVED, False), id="not-a-role"),
        pytest.param({}, f"arn:aws:sts::{ACCOUNT}:role/app", (DERIVED, False), id="not-iam"),
    ],
)
def test_which_role_is_meant(
    options: dict[str, Any], annotated: str | None, choice: tuple[str, bool]
) -> None:
    there = None if annotated is None else service_account({ANNOTATION_ROLE_ARN: annotated})
    found = choose_role(desired(**options), FACTS, there, annotated)
    assert (found.name, found.is_bound) == choice


@pytest.mark.parametrize(
    ("annotations", "name"),
    [
        ({ANNOTATION_RECORD: ROLE_ARN}, "app"),
        ({ANNOTATION_RECORD: ROLE_ARN, ANNOTATION_ROLE_ARN: ""}, "app"),
        ({ANNOTATION_RECORD: ROLE_ARN, ANNOTATION_ROLE_ARN: HOME.role_arn("/", "newer")}, "newer"),
    ],
    ids=["alone", "beside-nothing", "beside-a-newer-one"],
)
def test_a_delete_that_was_broken_off_says_which_role(annotations: dict[str, str], name: str) -> None:
    found = choose_role(desired(), FACTS, service_account(annotations), annotations.get(ANNOTATION_ROLE_ARN))
    assert (found.name, found.is_bound) == (name, True)


@pytest.mark.parametrize(
    ("options", "path"),
    [
        pytest.param({}, "/iamsa/", id="default"),
        pytest.param({"name": "mine"}, "/iamsa/", id="named"),
        pytest.param({"path": "/team/"}, "/team/", id="asked"),
        pytest.param({"name_style": "gen3"}, "/", id="gen3"),
        pytest.param({"name_style": "gen3", "path": "/team/"}, "/team/", id="gen3-asked"),
        pytest.param({"name_style": "gen3", "name": "mine"}, "/iamsa/", id="gen3-but-named"),
    ],
)
def test_where_a_new_role_lies(options: dict[str, Any], path: str) -> None:
    role = target(desired(**options)).role
    assert (role.path, role.arn) == (path, f"arn:aws:iam::{ACCOUNT}:role{path}app")


def test_a_new_role_has_what_is_asked_for() -> None:
    wanted = desired(
        permissions_boundary=BOUNDARY, description="reads", max_session_duration=7200, tags={"team": "web"}
    )

    role = target(wanted).role

    assert (role.permissions_boundary, role.description, role.max_session_duration) == (
        BOUNDARY,
        "reads",
        7200,
    )
    assert role.tags == {**ownership_tags(CLUSTER, SUBJECT), TAG_BOUNDARY: BOUNDARY, "team": "web"}


def test_a_new_role_that_nothing_was_said_of_has_aws_own_session_length() -> None:
    assert target().role.max_session_duration == 3600


def test_without_a_boundary_none_is_recorded() -> None:
    assert TAG_BOUNDARY not in target().role.tags


def test_a_boundary_with_a_comma_is_recorded_as_tags_allow_and_read_again() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:policy/a,b/c,d"

    check_tag("key", boundary_tag(arn))
    assert boundary_of_tag(boundary_tag(arn)) == arn


@pytest.mark.parametrize(
    ("options", "annotations"),
    [
        pytest.param({}, {}, id="nothing-said"),
        pytest.param({"audience": "sts.amazonaws.com"}, {}, id="default-audience"),
        pytest.param({"audience": "vault"}, {ANNOTATION_AUDIENCE: "vault"}, id="audience"),
        pytest.param({"sts_regional_endpoints": True}, {ANNOTATION_STS_REGIONAL: "true"}, id="regional"),
        pytest.param({"sts_regional_endpoints": False}, {ANNOTATION_STS_REGIONAL: "false"}, id="global"),
        pytest.param({"token_expiration": 3600}, {ANNOTATION_TOKEN_EXPIRATION: "3600"}, id="expiration"),
    ],
)
def test_the_annotations_besides_the_role(options: dict[str, Any], annotations: dict[str, str]) -> None:
    expected = {ANNOTATION_ROLE_ARN: ROLE_ARN, **annotations}
    assert target(desired(**options)).binding.annotations == expected


def test_a_boundary_that_no_tag_can_hold_is_refused_before_any_call() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:policy/{'p' * 240}/boundary"
    with pytest.raises(InvalidValue, match="at most 256 characters; use a policy with a shorter path"):
        check_boundary(arn)


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        pytest.param({}, (BOUNDARY, "reads", 7200), id="nothing-asked"),
        pytest.param({"permissions_boundary": OTHER_BOUNDARY}, (OTHER_BOUNDARY, "reads", 7200), id="new"),
        pytest.param({"description": ""}, (BOUNDARY, "", 7200), id="no-description"),
        pytest.param({"max_session_duration": 3600}, (BOUNDARY, "reads", 3600), id="session"),
    ],
)
def test_a_role_that_is_there_keeps_what_nothing_is_asked_of(
    options: dict[str, Any], kept: tuple[str, str, int]
) -> None:
    there = our_role(permissions_boundary=BOUNDARY, description="reads", max_session_duration=7200)

    role = target(desired(**options), there=observed(there)).role

    assert (role.permissions_boundary, role.description, role.max_session_duration) == kept


def test_a_role_that_is_there_keeps_its_path_and_its_service_account_is_to_name_it_there() -> None:
    there = our_role(path="/team/", arn=HOME.role_arn("/team/", "app"))

    wanted = target(desired(path="/other/"), there=observed(there))

    assert wanted.role.arn == wanted.binding.annotations[ANNOTATION_ROLE_ARN] == there.arn


def test_defaults_for_new_roles_are_none_for_one_that_is_there() -> None:
    wanted = desired(if_new=NewRole("/team/", BOUNDARY, {"team": "web"}))

    made, kept = target(wanted).role, target(wanted, there=observed(our_role())).role

    assert (made.path, made.permissions_boundary, made.tags["team"]) == ("/team/", BOUNDARY, "web")
    assert (kept.path, kept.permissions_boundary, "team" in kept.tags) == ("/iamsa/", None, False)
