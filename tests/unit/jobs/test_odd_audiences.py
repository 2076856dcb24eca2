# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An audience annotation that is empty, or that nobody can have meant: the webhook uses it all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kubectl_iamsa.spelling import spelled
from unit.fakes.chains import chain_of, changed
from unit.fakes.examples import (
    FACTS,
    READ_S3,
    ROLE_ARN,
    SUBJECT,
    desired,
    our_role,
    service_account,
)
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.chain import Chain
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.check import Result
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import problems
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_ROLE_ARN,
)
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verify import verify
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Provider, SeenRole
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Refusal, Verification
from ansible_collections.iamsa.eks.plugins.module_utils.plan.status import status

WRONG_AUDIENCE = Refusal("InvalidIdentityToken", "Incorrect token audience")
ODD = ["", " ", "a b", "${audience}", "sts.amazonaws.com\n", "x" * 256]
odd = pytest.mark.parametrize("audience", ODD, ids=lambda one: repr(one[:20]))


def with_audience(audience: str) -> ServiceAccount:
    return service_account({ANNOTATION_ROLE_ARN: ROLE_ARN, ANNOTATION_AUDIENCE: audience})


def chain(audience: str, trusted: str = "sts.amazonaws.com") -> Chain:
    seen = SeenRole(our_role(desired(audience=trusted)), {READ_S3.arn: READ_S3.name})
    cluster = replace(FACTS, provider=Provider(FACTS.home.provider_arn(FACTS.cluster.issuer), (trusted,)))
    return changed(chain_of(with_audience(audience), seen), facts=cluster)


def found(audience: str, trusted: str = "sts.amazonaws.com") -> Result:
    (problem,) = problems(chain(audience, trusted))
    return problem


class TestVerify:
    @odd
    def test_the_token_is_for_just_that(self, bound: World, audience: str) -> None:
        self.proven(bound, audience)
        assert bound.kubernetes.audiences == [audience]

    def test_what_aws_says_of_an_empty_one_names_the_annotation(self, bound: World) -> None:
        bound.sts.refusals = [WRONG_AUDIENCE]
        reason = self.proven(bound, "").reason
        assert reason
        assert (reason.cause, ANNOTATION_AUDIENCE in reason.words) == ("audienceNotAccepted", True)

    def proven(self, world: World, audience: str) -> Verification:
        world.kubernetes.put(with_audience(audience))
        return verify(SUBJECT, world.access())


@odd
def test_list_says_that_the_role_does_not_let_it_in(audience: str) -> None:
    one = chain(audience)
    assert one.service_account
    assert (
        status(one.service_account, one.now, one.seen, one.facts.cluster, one.facts.home).state
        == "notTrusted"
    )


class TestDoctor:
    @odd
    def test_the_annotation_alone_is_at_fault(self, audience: str) -> None:
        assert (found(audience).check.id, found(audience).verdict) == ("audience-form", "fail")

    @odd
    def test_the_remedy_takes_it_away(self, audience: str) -> None:
        assert spelled(found(audience).remedy).endswith(f" {ANNOTATION_AUDIENCE}-")

    @odd
    def test_where_role_and_provider_take_another_one_the_remedy_writes_that(self, audience: str) -> None:
        assert spelled(found(audience, "vault").remedy).endswith(f" {ANNOTATION_AUDIENCE}=vault")

    @odd
    def test_a_create_that_mends_something_else_is_not_refused_for_it(self, audience: str) -> None:
        bare = replace(chain(audience), seen=SeenRole(our_role()))
        words = next(spelled(one.remedy) for one in problems(bare) if one.check.id == "policies-attached")
        assert ("--audience" in words, "--force-conflicts" in words) == (False, True)


class TestCreate:
    @odd
    def test_it_contradicts_and_the_remedy_has_no_gap(self, bound: World, audience: str) -> None:
        bound.kubernetes.put(with_audience(audience))
        refused = bound.refusal(desired())
        assert (type(refused), spelled(refused.remedy)) == (Refused, "add --force-conflicts to overwrite it")
        assert bound.wire.writes == []

    @odd
    def test_the_remedy_mends_it(self, bound: World, audience: str) -> None:
        bound.kubernetes.put(with_audience(audience))
        bound.create(desired(force_conflicts=True))
        assert bound.annotations[ANNOTATION_AUDIENCE] == "sts.amazonaws.com"

    @odd
    def test_an_update_does_not_write_it_into_the_trust_policy(self, bound: World, audience: str) -> None:
        bound.kubernetes.put(with_audience(audience))
        wanted = desired(create_role=False, audience=None)
        assert spelled(bound.refusal(wanted).remedy) == "add --force-conflicts to overwrite it"

    @odd
    def test_an_update_may_overwrite_it_with_what_the_role_takes(self, bound: World, audience: str) -> None:
        bound.account.put(our_role(desired(audience="vault")))
        bound.account.providers[FACTS.home.provider_arn(FACTS.cluster.issuer)] = ("vault",)
        bound.kubernetes.put(with_audience(audience))
        bound.create(desired(create_role=False, audience=None, force_conflicts=True))
        assert bound.annotations[ANNOTATION_AUDIENCE] == "vault"
