# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role: made, mended, adopted, rebound or refused."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from unit.fakes.examples import (
    BOUNDARY,
    EARLIER_ISSUER,
    FACTS,
    ISSUER,
    OPS_STATEMENT,
    ROLE_NAME,
    delete_request,
    desired,
    observed,
    our_role,
    our_statement,
    planned,
    retagged,
    service_account,
    target,
    trusting,
)

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.writers import WRITERS
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_ROLE_ARN,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteOverrides, Desired
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.role import CreateRole
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step
from ansible_collections.iamsa.eks.plugins.module_utils.plan.delete import plan_deletion
from ansible_collections.iamsa.eks.plugins.module_utils.plan.trust import conditions_kept
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import trust_policy

OURS = our_statement()
STALE = our_statement(EARLIER_ISSUER)
UNMANAGED = our_role(tags={"team": "ops"}, trust=trust_policy([OPS_STATEMENT]))
EARLIER = retagged(our_role(trust=trust_policy([STALE])), iamsa__issuer=EARLIER_ISSUER)
ADDRESS = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
CONDITIONED = {**OURS, "Condition": {**OURS["Condition"], **ADDRESS}}
AUDIENCE_KEY = next(key for key in OURS["Condition"]["StringEquals"] if key.endswith(":aud"))
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


def test_a_missing_role_is_made_whole_in_one_step() -> None:
    wanted = desired(permissions_boundary=BOUNDARY, tags={"a": "b"}, description="d")
    (step,) = steps(None, wanted)
    assert step == CreateRole(target(wanted).role)


# Ownership.


@pytest.mark.parametrize(
    ("role", "says"),
    [
        pytest.param(UNMANAGED, "role app was not created by iamsa for this ServiceAccount", id="untagged"),
        pytest.param(
            our_role(tags={"managed-by": "terraform"}),
            "role app is managed by Terraform according to its tags",
            id="terraform",
        ),
    ],
)
def test_an_unmanaged_role_is_refused_with_both_remedies(role: Role, says: str) -> None:
    assert refusal(role, desired(name="app")).startswith(says)
    assert refusal(role, desired(name="app")).endswith(
        "; add <adopt> to adopt it, or use another <role_name> and <force_conflicts>"
    )


def test_another_service_accounts_role_is_left_to_it_first() -> None:
    said = refusal(retagged(our_role(), iamsa__namespace="other"), desired(name="app"))
    assert said.startswith("role app belongs to ServiceAccount other/my-sa of")
    assert said.endswith(
        "; use another <role_name> and <force_conflicts>, or add <adopt> to adopt it from that ServiceAccount"
    )


ALL_CONSENT = dict.fromkeys(("adopt", "replace_trust", "rebind", "force_conflicts", "purge"), True)
ALL_DELETED = {field.name: True for field in fields(DeleteOverrides)}


@pytest.mark.parametrize("tagged", [UNMANAGED, our_role()], ids=["unmanaged", "with-our-tags"])
@pytest.mark.parametrize(
    "of_aws",
    [
        pytest.param({"path": "/aws-service-role/eks.amazonaws.com/"}, id="service-linked"),
        pytest.param({"path": "/aws-reserved/sso.amazonaws.com/eu-west-1/"}, id="reserved"),
        pytest.param({"source_template": "arn:aws:iam::aws:role-template/x"}, id="of-a-template"),
    ],
)
def test_a_role_that_aws_keeps_for_itself_is_never_adopted(of_aws: dict[str, str], tagged: Role) -> None:
    role = replace(tagged, **of_aws)  # type: ignore[arg-type]
    with pytest.raises(Refused) as caught:
        steps(role, desired(name="app", **ALL_CONSENT))
    assert str(caught.value.resource) == "role/app"
    assert str(caught.value.remedy) == "use another <role_name> and <force_conflicts>"
    with pytest.raises(Refused) as kept:
        plan_deletion(
            delete_request(name="app", **ALL_DELETED), FACTS, observed(role, service_account()), WRITERS
        )
    assert "<keep_role>" in kept.value.remedy


@pytest.mark.parametrize("path", ["/aws-reservedx/", "/team/aws-reserved/", "/aws-service-roles/"])
def test_a_path_that_only_looks_like_aws_own_is_nobodys(path: str) -> None:
    assert steps(replace(UNMANAGED, path=path), desired(name="app", adopt=True, force_conflicts=True))


def test_an_unmanaged_role_that_the_annotation_names_needs_force_to_be_left() -> None:
    assert refusal(UNMANAGED).endswith(
        ", and serviceaccount web/my-sa is bound to it; add <adopt> to adopt it, or use another <role_name>"
        " and <force_conflicts>"
    )


@pytest.mark.parametrize(
    ("service_account", "remedy"),
    [
        pytest.param(None, "another <role_name>", id="missing"),
        pytest.param(service_account({}), "another <role_name>", id="plain"),
        pytest.param(service_account(), "another <role_name> and <force_conflicts>", id="annotated"),
        pytest.param(
            service_account({ANNOTATION_AUDIENCE: ""}),
            "another <role_name> and <force_conflicts>",
            id="audience",
        ),
    ],
)
@pytest.mark.parametrize("name", [None, ROLE_NAME], ids=["derived", "by-name"])
def test_another_role_can_be_used_instead_of_an_unmanaged_one(
    service_account: ServiceAccount | None, remedy: str, name: str | None
) -> None:
    with pytest.raises(Refused) as caught:
        planned(desired(name=name), FACTS, observed(UNMANAGED, service_account))
    assert str(caught.value.remedy).endswith(f"use {remedy}")
    names_it = service_account is not None and ANNOTATION_ROLE_ARN in service_account.annotations and not name
    assert ("is bound to it" in caught.value.problem) == names_it
    fresh = observed(None, service_account, role_name="fresh")
    assert planned(desired(name="fresh", force_conflicts="force" in remedy), FACTS, fresh)


@pytest.mark.parametrize(
    "flag", ["replace_trust", "rebind", "force_conflicts", "purge", "create_oidc_provider"]
)
def test_no_other_consent_takes_an_unmanaged_role(flag: str) -> None:
    assert "add <adopt>" in refusal(UNMANAGED, desired(**{flag: True}))


def test_an_adopted_role_keeps_its_trust_and_tags_beside_ours() -> None:
    trust, tags = steps(UNMANAGED, desired(adopt=True))
    assert trust.after["Statement"] == [OPS_STATEMENT, OURS]
    assert trust.sentence == "role/app trust policy extended with iamsa's statement"
    assert tags.tags == {**our_role().tags, "iamsa/adopted": "true"}


def test_an_adopted_role_can_lose_its_unmanaged_trust_each_statement_printed() -> None:
    trust, _ = steps(UNMANAGED, desired(adopt=True, replace_trust=True))
    assert trust.after["Statement"] == [OURS]
    assert trust.sentence.endswith(f", removed: {OPS_IN_WORDS}")


def test_a_role_of_an_earlier_cluster_is_refused_with_the_flag() -> None:
    assert refusal(EARLIER) == (
        f"role app was created for an earlier cluster with the same name, whose issuer is {EARLIER_ISSUER};"
        " add <rebind> to reuse it for the current cluster"
    )


def test_adopting_does_not_rebind() -> None:
    assert "add <rebind>" in refusal(EARLIER, desired(adopt=True))


def test_rebinding_replaces_statement_and_tag() -> None:
    trust, tags = steps(EARLIER, desired(rebind=True))
    assert trust.after["Statement"] == [OURS]
    assert trust.sentence == "role/app trust policy bound to the cluster's new issuer"
    assert tags.tags == {"iamsa/issuer": ISSUER}


def test_rebinding_that_broke_off_after_the_trust_goes_on_with_the_tag() -> None:
    step = the_step(retagged(our_role(), iamsa__issuer=EARLIER_ISSUER), desired(rebind=True))
    assert step.tags == {"iamsa/issuer": ISSUER}


def test_rebinding_does_not_take_unmanaged_statements_along() -> None:
    assert OPS_IN_WORDS in refusal(trusting(EARLIER, OPS_STATEMENT), desired(rebind=True))


# Trust.


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([], id="none"),
        pytest.param([{**OURS, "Action": "sts:AssumeRole"}], id="wrong-action"),
        pytest.param([OURS, OURS], id="twice"),
    ],
)
def test_our_statement_is_repaired_without_a_flag(statements: list[Any]) -> None:
    step = the_step(our_role(trust=trust_policy(statements)))
    assert (step.target.part, step.after) == ("trust policy", trust_policy([OURS]))


def test_a_further_condition_on_our_statement_is_no_drift() -> None:
    assert steps(our_role(trust=trust_policy([CONDITIONED]))) == ()


def test_our_statement_is_repaired_with_its_further_conditions() -> None:
    broken = {**CONDITIONED, "Action": "sts:AssumeRole"}
    step = the_step(our_role(trust=trust_policy([broken])))
    assert (step.after, step.sentence) == (trust_policy([CONDITIONED]), "role/app trust policy repaired")


def test_a_broken_statement_of_ours_beside_a_right_one_goes_and_is_printed() -> None:
    broken = {**OURS, "Action": "sts:TagSession"}
    step = the_step(our_role(trust=trust_policy([CONDITIONED, broken])))
    assert step.after == trust_policy([CONDITIONED])
    assert ", removed: Allow sts:TagSession to provider " in step.sentence


def test_with_replace_trust_the_conditions_of_our_statement_go_and_are_printed() -> None:
    step = the_step(our_role(trust=trust_policy([CONDITIONED])), desired(replace_trust=True))
    assert step.after == trust_policy([OURS])
    assert step.sentence.endswith(", removed: condition aws:SourceIp IpAddress 10.0.0.0/8")


def test_with_replace_trust_only_one_of_our_statements_stays() -> None:
    role = our_role(trust=trust_policy([OURS, CONDITIONED]))
    assert the_step(role, desired(replace_trust=True)).after == trust_policy([OURS])


def test_rebinding_keeps_the_conditions_of_the_stale_statement() -> None:
    stale = {**STALE, "Condition": {**STALE["Condition"], **ADDRESS}}
    role = retagged(our_role(trust=trust_policy([stale])), iamsa__issuer=EARLIER_ISSUER)
    trust, _tags = steps(role, desired(rebind=True))
    assert trust.after == trust_policy([CONDITIONED])


@pytest.mark.parametrize(
    ("condition", "words"),
    [(ADDRESS, "without the conditions on aws:SourceIp"), ({}, "extended with iamsa's statement")],
    ids=["conditioned", "unconditioned"],
)
def test_adopting_says_that_our_statement_is_not_under_anothers_conditions(
    condition: dict[str, Any], words: str
) -> None:
    equals = OURS["Condition"]["StringEquals"]
    claims = {key: [value, "x"] if key.endswith(":sub") else value for key, value in equals.items()}
    shared = {**OURS, "Condition": {"StringEquals": claims, **condition}}
    trust, _tags = steps(replace(UNMANAGED, trust=trust_policy([shared])), desired(adopt=True))
    assert trust.after == trust_policy([shared, OURS])
    assert trust.sentence.endswith(words)


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        pytest.param([OURS], (), id="none"),
        pytest.param(
            [CONDITIONED], ("role app: aws:SourceIp IpAddress 10.0.0.0/8", "<replace_trust>"), id="one"
        ),
        pytest.param([OURS, CONDITIONED], ("no effect",), id="without-effect"),
        pytest.param(
            [{**OURS, "Condition": {**OURS["Condition"], "StringLike": {AUDIENCE_KEY: "other"}}}],
            ("web/my-sa cannot assume the role",),
            id="keeps-the-token-out",
        ),
        pytest.param(
            [CONDITIONED, {**OURS, "Effect": "Deny"}], ("role app: aws:SourceIp",), id="a-deny-keeps-it-out"
        ),
    ],
)
def test_the_conditions_that_are_kept_are_said(statements: list[Any], says: tuple[str, ...]) -> None:
    told = [*map(str, conditions_kept(target(), our_role(trust=trust_policy(statements))))]
    assert len(told) == bool(says)
    assert [words for words in says if words not in told[0]] == []
    assert ("cannot assume" in "".join(told)) == any("cannot assume" in words for words in says)


def test_an_unmanaged_statement_on_our_role_is_refused_in_words_with_both_flags() -> None:
    assert refusal(trusting(our_role(), OPS_STATEMENT)) == (
        f"the trust policy of role app also contains: {OPS_IN_WORDS};"
        " add <adopt> to keep it, or <replace_trust> to remove it"
    )


def test_with_adopt_an_unmanaged_statement_on_our_role_stays() -> None:
    assert steps(trusting(our_role(), OPS_STATEMENT), desired(adopt=True)) == ()


def test_with_replace_trust_an_unmanaged_statement_on_our_role_goes() -> None:
    step = the_step(trusting(our_role(), OPS_STATEMENT), desired(replace_trust=True))
    assert step.after == trust_policy([OURS])


@pytest.mark.parametrize("statement", ["text", None, 7, {"Condition": "x"}])
def test_a_malformed_statement_is_refused_like_any_other(statement: Any) -> None:
    role = our_role(trust={"Version": "2012-10-17", "Statement": [OURS, statement]})
    assert "add <adopt> to keep it" in refusal(role)
