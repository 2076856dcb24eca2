# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What update asks for beside create: policies, tags and the boundary that are to be gone."""

from __future__ import annotations

from typing import Any

import pytest
from unit.fakes.examples import (
    AUDIENCE,
    BOUNDARY,
    FACTS,
    READ_S3,
    READ_SQS,
    ROLE_ARN,
    by_arn,
    desired,
    document,
    inline,
    observed,
    our_role,
    planned,
    recorded,
    service_account,
    target,
)

from ansible_collections.iamsa.eks.plugins.module_utils.errors import NotFound, Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_ROLE_ARN,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import NO_BOUNDARY
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import Observed
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.role import (
    POLICY_REMOVALS,
    DeleteInlinePolicy,
    SetRoleSettings,
    UntagRole,
)
from ansible_collections.iamsa.eks.plugins.module_utils.plan.policies import not_there
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import (
    AbsentReference,
    InlineName,
    PolicyName,
)

STAMPED = "reader-1690000000"


def gone(*absent: AbsentReference, **there: Any) -> list[str]:
    """The names of what the plan takes away, managed first."""
    seen = observed(our_role(), service_account(), knows_inline=True, **there)
    steps = planned(desired(absent=absent), FACTS, seen)
    taken = [step.name for step in steps if isinstance(step, POLICY_REMOVALS)]
    assert len(taken) == len([step for step in steps if step.target.part != "tags"])
    return taken


@pytest.mark.parametrize("reference", [PolicyName("ReadS3"), by_arn(READ_S3)], ids=["by-name", "by-arn"])
def test_a_managed_policy_goes(reference: AbsentReference) -> None:
    assert gone(reference, attached=(READ_S3, READ_SQS)) == ["ReadS3"]


@pytest.mark.parametrize(
    "reference", [PolicyName("reader"), InlineName("reader"), inline()], ids=["name", "lost-file", "file"]
)
def test_an_inline_policy_goes_whatever_it_says(reference: AbsentReference) -> None:
    assert gone(reference, inline={"reader": document("s3:*"), "other": None}) == ["reader"]


def test_a_file_takes_what_gen3_made_of_it() -> None:
    there = {STAMPED: document(), "reader-1690000001": document("s3:*"), "reader-1": document()}
    assert gone(inline(), inline=there) == [STAMPED]


def test_a_name_alone_does_not_take_what_gen3_made() -> None:
    assert gone(PolicyName("reader"), inline={STAMPED: document()}) == []
    assert gone(PolicyName(STAMPED), inline={STAMPED: document()}) == [STAMPED]


@pytest.mark.parametrize("reference", [InlineName("ReadS3"), inline("ReadS3")], ids=["lost-file", "file"])
def test_a_file_takes_no_managed_policy_of_its_name(reference: AbsentReference) -> None:
    assert gone(reference, attached=(READ_S3,)) == []


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        (PolicyName("ReadS3"), "ReadS3"),
        (by_arn(READ_S3), READ_S3.arn),
        (InlineName("reader"), "reader"),
        (inline(), "reader"),
    ],
    ids=["by-name", "by-arn", "lost-file", "file"],
)
def test_what_is_gone_already_is_no_step_but_is_told(reference: AbsentReference, name: str) -> None:
    assert gone(reference, attached=(READ_SQS,)) == []
    wanted, bare = desired(absent=(reference,)), observed(our_role(), service_account(), knows_inline=True)
    full = observed(our_role(), service_account(), attached=(READ_S3,), inline={"reader": document()})
    assert not_there(wanted, bare) == (name,)
    assert not_there(wanted, full) == ()


def test_a_name_of_both_kinds_is_refused() -> None:
    with pytest.raises(Refused, match=r"is ambiguous: .*; use the ARN, or \./ReadS3\.json"):
        gone(PolicyName("ReadS3"), attached=(READ_S3,), inline={"ReadS3": None})


def test_a_name_of_two_policies_is_refused() -> None:
    there = observed(our_role(), service_account(), knows_inline=True)
    two = {READ_S3.arn: "ReadS3", READ_S3.arn.replace("policy/", "policy/team/"): "ReadS3"}
    with pytest.raises(Refused, match="use one of the ARNs"):
        planned(desired(absent=(PolicyName("ReadS3"),)), FACTS, Observed(**{**vars(there), "attached": two}))


def test_a_file_that_gen3_put_already_is_not_put_again() -> None:
    there = observed(our_role(), service_account(), inline(), inline={STAMPED: document()})
    assert planned(desired(), FACTS, there) == ()


def test_a_purge_keeps_what_gen3_made_of_a_file_that_is_asked_for() -> None:
    there = {STAMPED: document(), "reader-1690000001": document("s3:*")}
    seen = observed(our_role(), service_account(), inline(), inline=there, knows_inline=True)
    steps = planned(desired(purge=True), FACTS, seen)
    assert [step.name for step in steps if isinstance(step, DeleteInlinePolicy)] == ["reader-1690000001"]


def test_tags_go_whatever_their_case() -> None:
    role = our_role(tags={**our_role().tags, "Team": "web", "cost": "7"})
    (step,) = planned(desired(removed_tags=("team", "never")), FACTS, observed(role, service_account()))
    assert step == UntagRole("app", {"Team": "web"})


@pytest.mark.parametrize(("kept", "gone"), [("TEAM", {"cost": "7"}), ("other", {"Team": "web", "cost": "7"})])
def test_purged_tags_are_those_of_nobody_but_the_user(kept: str, gone: dict[str, str]) -> None:
    role = our_role(tags={**our_role().tags, "Team": "web", "cost": "7", "aws:cloudformation:stack-id": "x"})
    steps = planned(desired(tags={kept: "web"}, purge_tags=True), FACTS, observed(role, service_account()))
    assert [step for step in steps if isinstance(step, UntagRole)] == [UntagRole("app", gone)]


def test_a_boundary_goes_with_its_record() -> None:
    role = our_role(desired(permissions_boundary=BOUNDARY))
    steps = planned(desired(permissions_boundary=NO_BOUNDARY), FACTS, observed(role, service_account()))
    assert [(step.verb, step.target.part) for step in steps] == [("remove", "boundary"), ("remove", "tags")]


def test_a_removal_that_was_broken_off_in_between_goes_on() -> None:
    role = our_role(desired(permissions_boundary=BOUNDARY), permissions_boundary=None)
    steps = planned(desired(permissions_boundary=NO_BOUNDARY), FACTS, observed(role, service_account()))
    assert [(step.verb, step.target.part) for step in steps] == [("remove", "tags")]


def test_settings_that_are_not_named_stay() -> None:
    role = recorded(
        our_role(desired(permissions_boundary=BOUNDARY, tags={"team": "web"}, description="x")), READ_S3
    )
    wanted = desired(max_session_duration=7200)
    (step,) = planned(wanted, FACTS, observed(role, service_account(), attached=(READ_S3,)))
    assert step == SetRoleSettings("app", "x", 7200, ("max session duration",))


def test_a_missing_role_is_not_made() -> None:
    with pytest.raises(NotFound, match="role app does not exist; create it with <create>"):
        planned(desired(create_role=False), FACTS, observed())


@pytest.mark.parametrize(
    ("annotations", "trusted", "kept"),
    [
        ({ANNOTATION_ROLE_ARN: ROLE_ARN, ANNOTATION_AUDIENCE: "vault"}, "vault", "vault"),
        ({ANNOTATION_ROLE_ARN: ROLE_ARN, ANNOTATION_AUDIENCE: "vault"}, "other", "vault"),
        ({ANNOTATION_ROLE_ARN: ROLE_ARN}, "vault", AUDIENCE),
        ({}, "vault", "vault"),
        (None, "vault", "vault"),
    ],
)
def test_the_audience_in_use_is_kept(annotations: dict[str, str] | None, trusted: str, kept: str) -> None:
    role = our_role(desired(audience=trusted))
    there = None if annotations is None else service_account(annotations)
    assert target(desired(audience=None), there=observed(role, there)).binding.audience == kept


def test_an_audience_that_is_asked_for_wins() -> None:
    there = observed(our_role(desired(audience="vault")), None)
    assert target(desired(audience="x"), there=there).binding.audience == "x"


def test_a_missing_namespace_is_not_made_either() -> None:
    there = observed(our_role(), None, namespaces={"web": "missing"})
    with pytest.raises(NotFound, match=r"^namespace web does not exist; check <namespace>$"):
        planned(desired(create_role=False), FACTS, there)
