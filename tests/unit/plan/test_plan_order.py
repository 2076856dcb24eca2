# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order of operations, and the namespace and provider that stand at its beginning."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit.fakes.examples import (
    ACCOUNT,
    BOUNDARY,
    CLUSTER,
    EARLIER_ISSUER,
    FACTS,
    ISSUER,
    OPS_STATEMENT,
    READ_S3,
    READ_SQS,
    by_arn,
    desired,
    document,
    inline,
    observed,
    our_role,
    planned,
    recorded,
    retagged,
    service_account,
    target,
    trusting,
)

from ansible_collections.iamsa.eks.plugins.module_utils.errors import NotFound, Refused
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import NO_BOUNDARY
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Provider
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.base import Phase
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.kubernetes import CreateNamespace
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.provider import (
    AddAudience,
    CreateProvider,
)
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import trust_policy

NO_PROVIDER = replace(FACTS, provider=None)
EMPTY = observed(namespaces={"web": "missing"})
ALL = desired(create_namespace=True, create_oidc_provider=True, permissions_boundary=BOUNDARY)


def test_from_nothing_the_service_account_comes_last() -> None:
    steps = planned(ALL, NO_PROVIDER, replace(EMPTY, policies=(READ_S3, inline())))

    assert [step.sentence for step in steps] == [
        "namespace/web created",
        "oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1 created for audience sts.amazonaws.com",
        "role/app created",
        "role/app inline policy reader added",
        "role/app policy ReadS3 attached",
        "serviceaccount/my-sa created",
    ]


def test_on_drift_the_boundary_comes_before_policies_trust_before_tags_and_the_annotation_last() -> None:
    role = retagged(
        our_role(ALL, permissions_boundary=None, trust=trust_policy([OPS_STATEMENT])), iamsa__manager=None
    )
    there = observed(
        role, service_account({}), READ_S3, inline(), attached=(READ_SQS,), inline={"old": document()}
    )

    steps = planned(desired(purge=True, adopt=True, description="x"), FACTS, there)

    assert [(step.verb, step.target.part) for step in steps] == [
        ("set", "boundary"),
        ("set", "tags"),
        ("put", "inline policy"),
        ("attach", "policy"),
        ("detach", "policy"),
        ("delete", "inline policy"),
        ("set", "trust policy"),
        ("set", "settings"),
        ("set", "tags"),
        ("set", ""),
    ]


def test_who_is_to_be_kept_out_is_before_a_policy_is_attached() -> None:
    role = trusting(our_role(), OPS_STATEMENT)

    steps = planned(desired(replace_trust=True), FACTS, observed(role, service_account(), READ_S3, inline()))

    parts = [step.target.part for step in steps]
    assert parts[0] == "trust policy"
    assert {"policy", "inline policy"} <= set(parts[1:])


def test_an_earlier_cluster_is_kept_out_before_a_policy_is_attached() -> None:
    earlier = replace(FACTS, cluster=replace(CLUSTER, issuer=EARLIER_ISSUER))
    role = target(desired(), earlier).role

    steps = planned(desired(rebind=True), FACTS, observed(role, service_account(), READ_S3))

    assert [step.target.part for step in steps] == ["trust policy", "tags", "policy", "tags"]


def test_a_boundary_is_removed_only_after_the_policies_are_that_are_to_go() -> None:
    role = recorded(our_role(desired(permissions_boundary=BOUNDARY)), READ_S3)
    wanted = desired(absent=(by_arn(READ_S3),), permissions_boundary=NO_BOUNDARY)

    steps = planned(wanted, FACTS, observed(role, service_account(), attached=(READ_S3,)))

    assert [(step.verb, step.target.part) for step in steps[:2]] == [
        ("detach", "policy"),
        ("remove", "boundary"),
    ]


def test_steps_stand_in_the_order_of_their_phases() -> None:
    steps = planned(ALL, NO_PROVIDER, replace(EMPTY, policies=(READ_S3, inline())))
    assert [step.phase for step in steps] == sorted(step.phase for step in steps)
    assert steps[-1].phase == max(Phase)


def test_where_all_is_as_it_should_be_there_is_nothing_to_do() -> None:
    role = recorded(our_role(), READ_S3, inline())
    there = observed(
        role, service_account(), READ_S3, inline(), attached=(READ_S3,), inline={"reader": document()}
    )
    assert planned(desired(), FACTS, there) == ()


def test_a_missing_namespace_is_an_error_that_names_the_flag() -> None:
    with pytest.raises(
        NotFound, match=r"^namespace web does not exist; create it, or add <create_namespace>$"
    ):
        planned(desired(create_oidc_provider=True), FACTS, EMPTY)


def test_a_missing_namespace_is_made_on_request() -> None:
    first, *_ = planned(desired(create_namespace=True), FACTS, EMPTY)
    assert first == CreateNamespace("web")


@pytest.mark.parametrize("state", ["active", "unknown"])
def test_a_namespace_that_is_there_or_cannot_be_seen_is_not_made(state: str) -> None:
    steps = planned(desired(create_namespace=True), FACTS, observed(namespaces={"web": state}))
    assert all(step.target.kind != "namespace" for step in steps)


def test_a_namespace_that_is_being_deleted_is_refused() -> None:
    with pytest.raises(Refused, match=r"^namespace web is being deleted; wait until it is deleted$"):
        planned(desired(create_namespace=True), FACTS, observed(namespaces={"web": "terminating"}))


def test_a_missing_provider_is_an_error_that_names_account_issuer_and_flag() -> None:
    with pytest.raises(NotFound) as caught:
        planned(desired(create_namespace=True), NO_PROVIDER, observed())
    assert str(caught.value) == (
        f"account {ACCOUNT} has no OIDC provider for the issuer {ISSUER} of cluster demo;"
        " add <create_oidc_provider> to create it"
    )


def test_a_provider_is_made_for_the_audience_alone() -> None:
    first, *_ = planned(desired(create_oidc_provider=True, audience="vault"), NO_PROVIDER, observed())
    assert first == CreateProvider(ISSUER, ("vault",))


def test_a_provider_without_the_audience_is_an_error_that_names_the_flag() -> None:
    with pytest.raises(NotFound, match="does not list the audience vault; add <create_oidc_provider> to add"):
        planned(desired(audience="vault"), FACTS, observed())


def test_an_audience_is_added_to_those_that_are_there() -> None:
    cluster = replace(FACTS, provider=Provider("arn", ("a", "b")))
    first, *_ = planned(desired(create_oidc_provider=True), cluster, observed())
    assert first == AddAudience(ISSUER, "sts.amazonaws.com")


def test_a_provider_that_is_right_is_left_alone() -> None:
    steps = planned(desired(create_oidc_provider=True), FACTS, observed())
    assert all(step.target.kind != "oidc-provider" for step in steps)


@pytest.mark.parametrize(
    "there", [observed(), observed(our_role(), service_account())], ids=["absent", "present"]
)
def test_planning_changes_nothing_of_what_it_is_given(there: object) -> None:
    before = repr(there)
    planned(ALL, NO_PROVIDER, there)  # type: ignore[arg-type]
    assert repr(there) == before
