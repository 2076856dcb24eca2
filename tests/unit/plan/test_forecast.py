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
    account,
    document,
    observed,
    our_role,
)

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import Observed
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Provider
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps import (
    AnnotationsWrite,
    Part,
    Phase,
    ResourceRef,
    Step,
    Verb,
)
from ansible_collections.iamsa.eks.plugins.module_utils.plan.forecast import forecast_cluster, forecast_role

ROLE = our_role()


def on_role(verb: Verb, part: Part, before: Any, after: Any) -> Step:
    return Step(verb, ResourceRef("role", "app", part), Phase.ROLE, before, after, "")


def after(facts: Observed, step: Step) -> Observed:
    return forecast_role(facts, [step], SUBJECT)


@pytest.mark.parametrize(
    ("verb", "part"), [pytest.param("create", "", id="made"), pytest.param("add", "audience", id="extended")]
)
def test_a_provider_lists_what_is_written(verb: Verb, part: Part) -> None:
    target = ResourceRef("oidc-provider", "x", part)
    step = Step(verb, target, Phase.PROVIDER, None, {"audiences": ["a", AUDIENCE]}, "")

    facts = forecast_cluster(replace(FACTS, provider=None), [step])

    assert facts.provider == Provider(PROVIDER_ARN, ("a", AUDIENCE))


def test_a_namespace_that_is_made_is_active() -> None:
    step = Step("create", ResourceRef("namespace", "web"), Phase.NAMESPACE, None, {"name": "web"}, "")
    assert after(observed(namespaces={"web": "missing"}), step).namespaces == {"web": "active"}


def test_a_role_that_is_made_is_as_written() -> None:
    assert after(observed(), on_role("create", "", None, ROLE)).role == ROLE


@pytest.mark.parametrize(
    ("part", "written", "changes"),
    [
        pytest.param("boundary", BOUNDARY, {"permissions_boundary": BOUNDARY}, id="boundary"),
        pytest.param("trust policy", {"Version": "x"}, {"trust": {"Version": "x"}}, id="trust"),
        pytest.param(
            "settings",
            {"description": "d", "max_session_duration": 7200},
            {"description": "d", "max_session_duration": 7200},
            id="settings",
        ),
        pytest.param("tags", {"team": "web"}, {"tags": {**ROLE.tags, "team": "web"}}, id="tags"),
    ],
)
def test_a_part_of_the_role_is_as_written(part: Part, written: Any, changes: dict[str, Any]) -> None:
    assert after(observed(ROLE), on_role("set", part, None, written)).role == replace(ROLE, **changes)


def test_a_tag_replaces_the_one_whose_key_differs_in_case_only() -> None:
    role = replace(ROLE, tags={"Team": "old", "stage": "x"})

    changed = after(observed(role), on_role("set", "tags", {}, {"team": "new"})).role

    assert changed
    assert changed.tags == {"team": "new", "stage": "x"}


def test_a_policy_that_is_attached_is_there() -> None:
    step = on_role("attach", "policy", None, {"name": READ_SQS.name, "arn": READ_SQS.arn})
    assert after(observed(ROLE, attached=(READ_S3,)), step).attached == {
        READ_S3.arn: "ReadS3",
        READ_SQS.arn: "ReadSQS",
    }


def test_a_policy_that_is_detached_is_gone() -> None:
    step = on_role("detach", "policy", {"name": READ_S3.name, "arn": READ_S3.arn}, None)
    assert after(observed(ROLE, attached=(READ_S3,)), step).attached == {}


def test_an_inline_policy_that_is_put_is_there() -> None:
    step = on_role("put", "inline policy", None, {"name": "reader", "document": document()})
    assert after(observed(ROLE), step).inline == {"reader": document()}


def test_an_inline_policy_that_is_deleted_is_gone() -> None:
    step = on_role("delete", "inline policy", {"name": "reader", "document": None}, None)
    assert after(observed(ROLE, inline={"reader": None}), step).inline == {}


def test_a_service_account_that_is_made_has_what_is_written() -> None:
    step = Step("create", ResourceRef("serviceaccount", "my-sa"), Phase.SERVICE_ACCOUNT, None, {"a": "b"}, "")

    made = after(observed(ROLE), step).service_accounts[SUBJECT]

    assert made
    assert made.annotations == {"a": "b"}


def test_a_service_account_that_is_annotated_keeps_its_other_annotations() -> None:
    there = account({"team": "web", ANNOTATION_ROLE_ARN: "old"})
    changed = {ANNOTATION_ROLE_ARN: ROLE_ARN}
    write = AnnotationsWrite(SUBJECT, changed, changed, "7", force=False)
    step = Step("set", ResourceRef("serviceaccount", "my-sa"), Phase.SERVICE_ACCOUNT, {}, write, "")

    then = after(observed(ROLE, there), step).service_accounts[SUBJECT]

    assert then
    assert then.annotations == {"team": "web", ANNOTATION_ROLE_ARN: ROLE_ARN}


def test_the_facts_themselves_stay_as_they_are() -> None:
    facts = observed(ROLE, attached=(READ_S3,))
    after(facts, on_role("detach", "policy", {"name": READ_S3.name, "arn": READ_S3.arn}, None))
    assert facts.attached == {READ_S3.arn: "ReadS3"}
