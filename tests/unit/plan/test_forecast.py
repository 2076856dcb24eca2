# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What steps leave behind, without taking them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from unit.fakes.examples import (
    AUDIENCE,
    BOUNDARY,
    FACTS,
    PROVIDER_ARN,
    READ_S3,
    READ_SQS,
    ROLE_ARN,
    SUBJECT,
    document,
    observed,
    our_role,
    service_account,
)

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.writers import WRITERS
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import Observed
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Provider
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.kubernetes import (
    AnnotateServiceAccount,
    CreateNamespace,
    CreateServiceAccount,
    PatchAnnotations,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.provider import (
    AddAudience,
    CreateProvider,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.role import (
    AttachPolicy,
    CreateRole,
    DeleteInlinePolicy,
    DeleteRole,
    DetachPolicy,
    PutInlinePolicy,
    RemoveBoundary,
    SetBoundary,
    SetRoleSettings,
    SetTrust,
    TagRole,
    UntagRole,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step
from ansible_collections.iamsa.eks.plugins.module_utils.plan.forecast import forecast_cluster, forecast_role

ROLE = our_role()
ISSUER = FACTS.cluster.issuer


def after(observed: Observed, step: Step) -> Observed:
    return forecast_role(observed, [step], WRITERS)


@pytest.mark.parametrize(
    ("there", "step"),
    [
        pytest.param(None, CreateProvider(ISSUER, ("a", AUDIENCE)), id="made"),
        pytest.param(Provider(PROVIDER_ARN, ("a",)), AddAudience(ISSUER, AUDIENCE), id="extended"),
    ],
)
def test_a_provider_lists_what_is_written(there: Provider | None, step: Step) -> None:
    cluster = forecast_cluster(replace(FACTS, provider=there), [step])
    assert cluster.provider == Provider(PROVIDER_ARN, ("a", AUDIENCE))


def test_a_namespace_that_is_made_is_active() -> None:
    there = observed(namespaces={"web": "missing"})
    assert after(there, CreateNamespace("web")).namespaces == {"web": "active"}


def test_a_role_that_is_made_is_as_written() -> None:
    assert after(observed(), CreateRole(ROLE)).role == ROLE


def test_a_role_that_is_deleted_is_gone() -> None:
    assert after(observed(ROLE), DeleteRole(ROLE)).role is None


@pytest.mark.parametrize(
    ("step", "changes"),
    [
        pytest.param(SetBoundary("app", BOUNDARY), {"permissions_boundary": BOUNDARY}, id="boundary"),
        pytest.param(
            SetTrust("app", ROLE.trust, {"Version": "x"}, "repaired"), {"trust": {"Version": "x"}}, id="trust"
        ),
        pytest.param(
            SetRoleSettings("app", "d", 7200, ("description",)),
            {"description": "d", "max_session_duration": 7200},
            id="settings",
        ),
        pytest.param(TagRole("app", {"team": "web"}), {"tags": {**ROLE.tags, "team": "web"}}, id="tags"),
    ],
)
def test_a_part_of_the_role_is_as_written(step: Step, changes: dict[str, Any]) -> None:
    assert after(observed(ROLE), step).role == replace(ROLE, **changes)


def test_a_boundary_that_is_removed_is_gone() -> None:
    role = our_role(permissions_boundary=BOUNDARY)
    assert after(observed(role), RemoveBoundary("app", BOUNDARY)).role == our_role()


def test_tags_that_are_removed_are_gone() -> None:
    role = replace(ROLE, tags={"team": "web", "stage": "x"})
    changed = after(observed(role), UntagRole("app", {"team": "web"})).role
    assert changed
    assert changed.tags == {"stage": "x"}


def test_a_tag_replaces_the_one_whose_key_differs_in_case_only() -> None:
    role = replace(ROLE, tags={"Team": "old", "stage": "x"})

    changed = after(observed(role), TagRole("app", {"team": "new"})).role

    assert changed
    assert changed.tags == {"team": "new", "stage": "x"}


def test_a_policy_that_is_attached_is_there() -> None:
    step = AttachPolicy("app", READ_SQS.arn, READ_SQS.name)
    assert after(observed(ROLE, attached=(READ_S3,)), step).attached == {
        READ_S3.arn: "ReadS3",
        READ_SQS.arn: "ReadSQS",
    }


def test_a_policy_that_is_detached_is_gone() -> None:
    step = DetachPolicy("app", READ_S3.arn, READ_S3.name)
    assert after(observed(ROLE, attached=(READ_S3,)), step).attached == {}


def test_an_inline_policy_that_is_put_is_there() -> None:
    step = PutInlinePolicy("app", "reader", document())
    assert after(observed(ROLE), step).inline == {"reader": document()}


def test_an_inline_policy_that_is_deleted_is_gone() -> None:
    step = DeleteInlinePolicy("app", "reader")
    assert after(observed(ROLE, inline={"reader": None}), step).inline == {}


def test_a_service_account_that_is_made_has_what_is_written() -> None:
    made = after(observed(ROLE), CreateServiceAccount(SUBJECT, {"a": "b"})).service_accounts[SUBJECT]

    assert made
    assert made.annotations == {"a": "b"}


def test_a_service_account_that_is_annotated_keeps_its_other_annotations() -> None:
    there = service_account({"team": "web", ANNOTATION_ROLE_ARN: "old"})
    changed = {ANNOTATION_ROLE_ARN: ROLE_ARN}
    step = AnnotateServiceAccount(SUBJECT, changed, changed, "7", force=False)

    then = after(observed(ROLE, there), step).service_accounts[SUBJECT]

    assert then
    assert then.annotations == {"team": "web", ANNOTATION_ROLE_ARN: ROLE_ARN}


def test_a_patch_sets_and_removes_single_annotations() -> None:
    there = service_account({"team": "web", ANNOTATION_ROLE_ARN: "old"})
    step = PatchAnnotations(SUBJECT, {ANNOTATION_ROLE_ARN: None, "was": "old"}, "7")

    then = after(observed(ROLE, there), step).service_accounts[SUBJECT]

    assert then
    assert then.annotations == {"team": "web", "was": "old"}


def test_the_facts_themselves_stay_as_they_are() -> None:
    there = observed(ROLE, attached=(READ_S3,))
    after(there, DetachPolicy("app", READ_S3.arn, READ_S3.name))
    assert there.attached == {READ_S3.arn: "ReadS3"}
