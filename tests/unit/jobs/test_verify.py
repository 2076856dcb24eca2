# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job that proves a chain, against an AWS and a cluster in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from unit.fakes.examples import ROLE_ARN, SUBJECT, our_role, service_account
from unit.fakes.proofs import ASSUME, ASSUMED, NOT_YET, TOKENS, denies
from unit.fakes.wire import Hook, fails
from unit.fakes.world import Clock, World

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_TOKEN_EXPIRATION,
)
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verify import verify
from ansible_collections.iamsa.eks.plugins.module_utils.model.simulation import Question
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Refusal, Verification
from ansible_collections.iamsa.eks.plugins.module_utils.observe.token_exchange import Trial

GET = "s3:GetObject"
Verify = Callable[..., Verification]


@pytest.fixture
def prove(bound: World) -> Verify:
    """`prove(wait=60.0)`: what comes of the proof of the ServiceAccount."""
    return lambda **trial: verify(SUBJECT, bound.access(), Trial(**trial))


class TestOne:
    def test_a_token_is_taken_to_aws_and_aws_says_who_it_is(self, bound: World, prove: Verify) -> None:
        found = prove()
        assert (found.verdict, found.assumed, found.attempts) == ("yes", ASSUMED, 1)
        assert sorted(bound.wire.names()) == [
            "create serviceaccounts/token",
            "eks:DescribeCluster",
            "eks:ListPodIdentityAssociations",
            "get serviceaccount",
            ASSUME,
        ]
        assert bound.wire.writes == []

    def test_the_token_is_for_the_audience_that_the_webhook_would_use(
        self, bound: World, prove: Verify
    ) -> None:
        prove()
        bound.kubernetes.put(service_account({ANNOTATION_ROLE_ARN: ROLE_ARN, ANNOTATION_AUDIENCE: "vault"}))
        assert prove().audience == "vault"
        assert [token.split()[1] for token in bound.sts.tokens] == ["sts.amazonaws.com", "vault"]

    @pytest.mark.parametrize(
        ("annotations", "cause"),
        [({}, "notAnnotated"), ({ANNOTATION_ROLE_ARN: "app"}, "malformedArn")],
    )
    def test_where_there_is_no_role_to_ask_for_no_token_is_made(
        self, bound: World, prove: Verify, annotations: dict[str, str], cause: str
    ) -> None:
        bound.kubernetes.put(service_account(annotations))
        found = prove(wait=60.0)
        assert found.reason
        assert (found.verdict, found.reason.cause, found.attempts) == ("no", cause, 0)
        assert bound.wire.names(TOKENS) == []

    def test_where_the_api_server_refuses_every_pod_no_token_is_made(
        self, bound: World, prove: Verify
    ) -> None:
        annotations = {ANNOTATION_ROLE_ARN: ROLE_ARN, ANNOTATION_TOKEN_EXPIRATION: "4294967297"}
        bound.kubernetes.put(service_account(annotations))
        found = prove(wait=60.0)
        assert found.reason
        assert (found.verdict, found.reason.cause, found.attempts) == ("no", "podsRefused", 0)
        assert bound.wire.names(TOKENS) == []

    def test_a_service_account_that_goes_in_between_is_missing(self, bound: World, prove: Verify) -> None:
        bound.wire.on(TOKENS, lambda _: None)
        found = prove(wait=60.0)
        assert found.reason
        assert (found.reason.cause, found.attempts) == ("serviceAccountMissing", 1)

    @pytest.mark.parametrize(
        ("prepare", "cause"),
        [
            (lambda _: None, "notTrusted"),
            (lambda world: world.account.roles.clear(), "roleMissing"),
            (lambda world: world.account.put(replace(our_role(), arn="arn:aws:iam::1:role/x")), "otherPath"),
            (lambda world: world.wire.on("iam:GetRole", denies("iam:GetRole")), "notAdmitted"),
        ],
    )
    def test_where_sts_does_not_admit_it_getrole_may_say_more(
        self, bound: World, prove: Verify, prepare: Callable[[World], object], cause: str
    ) -> None:
        prepare(bound)
        bound.sts.refusals = [NOT_YET]
        found = prove()
        assert found.reason
        assert (found.verdict, found.reason.cause, found.reason.code) == ("no", cause, "AccessDenied")

    def test_a_role_of_another_account_is_proven_and_not_read(self, bound: World, prove: Verify) -> None:
        theirs = "arn:aws:iam::999999999999:role/theirs"
        bound.kubernetes.put(service_account({ANNOTATION_ROLE_ARN: theirs}))
        assert prove().assumed.startswith("arn:aws:sts::999999999999:assumed-role/theirs/")
        bound.sts.refusals = [NOT_YET]
        found = prove()
        assert found.reason
        assert found.reason.words.endswith("or the role does not exist in account 999999999999")
        assert bound.wire.names("iam:GetRole") == []

    @pytest.mark.parametrize(
        ("call", "hook"),
        [
            (TOKENS, denies("create serviceaccounts/token in namespace web")),
            (ASSUME, fails("ConnectTimeout")),
        ],
    )
    def test_what_keeps_it_from_being_found_out_is_no_no(
        self, bound: World, prove: Verify, call: str, hook: Hook
    ) -> None:
        bound.wire.on(call, hook)
        found = prove()
        assert (found.verdict, found.reason) == ("unknown", None)
        assert found.obstacle

    def test_another_cluster_s_token_never_leaves_for_aws(self, bound: World, prove: Verify) -> None:
        bound.kubernetes.connection.verified_ca = frozenset({b"other"})
        bound.kubernetes.issuer_url = "https://other.example/id"
        with pytest.raises(Refused):
            prove()
        assert bound.wire.names(TOKENS) == []


class TestWaiting:
    def test_it_goes_on_until_aws_lets_it_in_with_a_new_token_each_time(
        self, bound: World, prove: Verify
    ) -> None:
        bound.sts.refusals = [NOT_YET, Refusal("InvalidIdentityToken", "Incorrect token audience"), NOT_YET]
        found = prove(wait=60.0)
        assert (found.verdict, found.attempts) == ("yes", 4)
        assert len(set(bound.sts.tokens)) == 4
        assert bound.wire.names("iam:GetRole") == []

    def test_without_it_there_is_one_go(self, bound: World, prove: Verify) -> None:
        bound.sts.refusals = [NOT_YET]
        assert prove().attempts == 1

    def test_it_ends_when_its_time_is_up_and_says_what_aws_said_last(
        self, bound: World, prove: Verify, clock: Clock
    ) -> None:
        bound.sts.refusals = [NOT_YET] * 1000
        began = clock.now
        found = prove(wait=20.0)
        assert found.reason
        assert (found.verdict, found.reason.cause) == ("no", "notTrusted")
        assert 15 < clock.now - began <= 20
        assert 8 < found.attempts < 40

    def test_the_run_s_own_limit_holds_too_and_leaves_a_reason(
        self, bound: World, prove: Verify, clock: Clock
    ) -> None:
        bound.deadline = lambda: Deadline(10)
        bound.sts.refusals = [NOT_YET] * 1000
        began = clock.now
        found = prove(wait=600.0)
        assert (found.verdict, found.obstacle) == ("no", None)
        assert clock.now - began < 10


class TestPermissions:
    def test_it_is_asked_only_where_the_role_is_assumable(self, bound: World, prove: Verify) -> None:
        bound.sts.refusals = [NOT_YET]
        assert prove(question=Question((GET,))).permissions == ()
        assert bound.wire.names("iam:Simulate") == []

    def test_what_the_role_lacks_is_a_no(self, bound: World, prove: Verify) -> None:
        bound.account.allowed = {GET}
        assert prove(question=Question((GET,))).verdict == "yes"
        found = prove(question=Question((GET, "s3:PutObject"), ("*", "arn:aws:s3:::b")))
        assert found.verdict == "no"
        assert {one.action for one in found.denied} == {"s3:PutObject"}
        assert len(found.permissions) == 4

    def test_who_may_not_ask_still_learns_that_the_role_is_assumable(
        self, bound: World, prove: Verify
    ) -> None:
        bound.wire.on("iam:SimulatePrincipalPolicy", denies("iam:SimulatePrincipalPolicy"))
        found = prove(question=Question((GET,)))
        assert (found.verdict, found.assumed) == ("unknown", ASSUMED)

    def test_policies_of_another_account_cannot_be_asked_about(self, bound: World, prove: Verify) -> None:
        bound.kubernetes.put(service_account({ANNOTATION_ROLE_ARN: "arn:aws:iam::999999999999:role/theirs"}))
        found = prove(question=Question((GET,)))
        assert "another account" in str(found.obstacle)
        assert bound.wire.names("iam:Simulate") == []
