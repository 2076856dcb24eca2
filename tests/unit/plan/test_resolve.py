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
    ROLE_ARN,
    SUBJECT,
    account,
    desired,
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
from ansible_collections.iamsa.eks.plugins.module_utils.model.names import check_boundary
from ansible_collections.iamsa.eks.plugins.module_utils.model.values import check_tag
from ansible_collections.iamsa.eks.plugins.module_utils.plan.ownership import ownership_tags
from ansible_collections.iamsa.eks.plugins.module_utils.plan.resolve import (
    RoleChoice,
    annotations_target,
    choose_role,
    default_role_name,
    role_target,
    tags_target,
)

DERIVED = default_role_name(desired(), HOME, CLUSTER)


@pytest.mark.parametrize(
    ("options", "annotated", "choice"),
    [
        pytest.param({}, None, RoleChoice(DERIVED), id="nothing-said"),
        pytest.param({"name_style": "gen3"}, None, RoleChoice("demo-my-sa-role"), id="gen3"),
        pytest.param({"name": "mine"}, None, RoleChoice("mine"), id="named"),
        pytest.param({"name": "mine", "name_style": "gen3"}, None, RoleChoice("mine"), id="name-wins-style"),
        pytest.param({}, ROLE_ARN, RoleChoice("app", by_annotation=True), id="annotated"),
        pytest.param(
            {"name_style": "gen3"},
            ROLE_ARN,
            RoleChoice("app", by_annotation=True),
            id="annotation-wins-style",
        ),
        pytest.param({"name": "mine"}, ROLE_ARN, RoleChoice("mine"), id="name-wins-annotation"),
        pytest.param({}, "", RoleChoice(DERIVED), id="annotation-empty"),
        pytest.param({}, "app", RoleChoice(DERIVED), id="annotation-no-arn"),
        pytest.param({}, "arn:aws:iam::999999999999:role/app", RoleChoice(DERIVED), id="other-account"),
        pytest.param({}, f"arn:aws-cn:iam::{ACCOUNT}:role/app", RoleChoice(DERIVED), id="other-partition"),
        pytest.param({}, f"arn:aws:iam::{ACCOUNT}:user/app", RoleChoice(DERIVED), id="not-a-role"),
        pytest.param({}, f"arn:aws:sts::{ACCOUNT}:role/app", RoleChoice(DERIVED), id="not-iam"),
    ],
)
def test_which_role_is_meant(options: dict[str, Any], annotated: str | None, choice: RoleChoice) -> None:
    there = None if annotated is None else account({ANNOTATION_ROLE_ARN: annotated})
    assert choose_role(desired(**options), FACTS, there) == choice


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
    assert choose_role(desired(), FACTS, account(annotations)) == RoleChoice(name, by_annotation=True)


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
    role = role_target(desired(**options), FACTS, "app")
    assert (role.path, role.arn) == (path, f"arn:aws:iam::{ACCOUNT}:role{path}app")


def test_a_new_role_has_what_is_asked_for() -> None:
    wanted = desired(
        permissions_boundary=BOUNDARY, description="reads", max_session_duration=7200, tags={"team": "web"}
    )

    role = role_target(wanted, FACTS, "app")

    assert (role.permissions_boundary, role.description, role.max_session_duration) == (
        BOUNDARY,
        "reads",
        7200,
    )
    assert role.tags == {**ownership_tags(CLUSTER, SUBJECT), TAG_BOUNDARY: BOUNDARY, "team": "web"}


def test_a_new_role_that_nothing_was_said_of_has_aws_own_session_length() -> None:
    assert role_target(desired(), FACTS, "app").max_session_duration == 3600


def test_without_a_boundary_none_is_recorded() -> None:
    assert TAG_BOUNDARY not in tags_target(desired(), FACTS)


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
    assert annotations_target(desired(**options), ROLE_ARN) == expected


def test_a_boundary_that_no_tag_can_hold_is_refused_before_any_call() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:policy/{'p' * 240}/boundary"
    with pytest.raises(InvalidValue, match="a tag holds 256 characters; give a policy with a shorter path"):
        check_boundary(arn)
