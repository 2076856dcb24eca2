# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What on a role keeps it from being deleted, each with the way out."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from kubectl_iamsa.spelling import spelled
from unit.fakes.examples import (
    EARLIER_ISSUER,
    FACTS,
    OPS_STATEMENT,
    READ_S3,
    READ_SQS,
    ROLE_NAME,
    delete_request,
    desired,
    inline,
    observed,
    our_role,
    our_statement,
    recorded,
    retagged,
    service_account,
    trusting,
)

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.writers import WRITERS
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteOverrides
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.plan.delete import plan_deletion
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import trust_policy

ADOPTED = retagged(our_role(), iamsa__adopted="true")
EARLIER = replace(
    retagged(our_role(), iamsa__issuer=EARLIER_ISSUER),
    trust=trust_policy([our_statement(EARLIER_ISSUER)]),
)
BESIDES = trusting(our_role(), OPS_STATEMENT)
ANOTHERS = retagged(our_role(), iamsa__service_account="another")
S3_ONLY = recorded(our_role(), READ_S3)

BLOCKED = [
    pytest.param(
        ADOPTED, {}, "was not created but adopted by iamsa; add <adopt>", "adopted_role", id="adopted"
    ),
    pytest.param(
        EARLIER,
        {},
        "earlier cluster with the same name.*; add <rebind>",
        "role_of_earlier_cluster",
        id="earlier",
    ),
    pytest.param(
        S3_ONLY,
        {"attached": (READ_S3, READ_SQS)},
        f"did not add: policy {READ_SQS.arn}; add <purge>",
        "policies_of_others",
        id="policy",
    ),
    pytest.param(
        S3_ONLY,
        {"attached": (READ_S3,), "inline": {"hand": None}},
        "did not add: inline policy hand; add <purge>",
        "policies_of_others",
        id="inline",
    ),
    pytest.param(
        BESIDES,
        {},
        "also contains: Allow sts:AssumeRole .*; remove it first with"
        " <update my-sa namespace=web replace_trust>",
        None,
        id="trust",
    ),
    pytest.param(
        our_role(),
        {"instance_profiles": ("nodes",)},
        "in the instance profile nodes; remove it with aws iam remove-role-from-instance-profile"
        " --role-name app --instance-profile-name nodes",
        None,
        id="instance-profile",
    ),
    pytest.param(
        our_role(tags={"Terraform": "true"}),
        {},
        "is managed by Terraform according to its tags",
        None,
        id="tool",
    ),
    pytest.param(ANOTHERS, {}, "belongs to ServiceAccount web/another", None, id="another"),
]


def deletion(role: Role, there: dict[str, Any], **asked: bool) -> list[str]:
    seen = observed(role, service_account(), **there)
    return [step.verb for step in plan_deletion(delete_request(**asked), FACTS, seen, WRITERS)]


@pytest.mark.parametrize(("role", "there", "says", "flag"), BLOCKED)
def test_it_is_refused_and_the_way_out_is_named(
    role: Role, there: dict[str, Any], says: str, flag: str | None
) -> None:
    with pytest.raises(Refused, match=says) as error:
        deletion(role, there)
    assert "<keep_role>" in str(error.value)
    assert str(error.value.resource) == f"role/{role.name}"
    if flag:
        assert "delete" in deletion(role, there, **{flag: True})


@pytest.mark.parametrize(("role", "there", "says", "flag"), BLOCKED)
def test_no_other_flag_helps(role: Role, there: dict[str, Any], says: str, flag: str | None) -> None:
    others = {field.name for field in fields(DeleteOverrides)} - {flag}
    with pytest.raises(Refused, match=says):
        deletion(role, there, **dict.fromkeys(others, True))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "my-sa -n web --replace-trust"),
        ({"name": ROLE_NAME}, f"my-sa -n web --role-name {ROLE_NAME} --replace-trust"),
        ({"name_style": "gen3"}, "my-sa -n web --role-name-style gen3 --replace-trust"),
        ({"name": ROLE_NAME, "name_style": "gen3"}, f"my-sa -n web --role-name {ROLE_NAME} --replace-trust"),
    ],
)
def test_the_way_out_leads_to_the_same_role(asked: dict[str, str], words: str) -> None:
    with pytest.raises(Refused) as error:
        plan_deletion(delete_request(**asked), FACTS, observed(BESIDES, None), WRITERS)
    assert spelled(error.value.remedy).startswith(f"remove it first with kubectl iamsa update {words}, or")


@pytest.mark.parametrize(("role", "there"), [case.values[:2] for case in BLOCKED])
def test_kept_it_is_no_hindrance(role: Role, there: dict[str, Any]) -> None:
    assert deletion(role, there, keep_role=True) == ["set"]


def test_what_is_recorded_goes_without_a_flag() -> None:
    role = recorded(our_role(), READ_S3, inline())
    there = {"attached": (READ_S3,), "inline": {"reader": None}}
    assert deletion(role, there) == ["set", "detach", "delete", "delete", "set"]


def test_a_trust_that_has_drifted_is_no_hindrance() -> None:
    drifted = our_role(desired(audience="vault"))
    assert "delete" in deletion(drifted, {})
