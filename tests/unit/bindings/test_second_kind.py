# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A kind of binding that the core does not know goes through every job, by its own folder alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from documents import mistakes
from kubectl_iamsa.completion.live import service_accounts
from unit.bindings.badge import NAME
from unit.bindings.shop import OTHER, STEPS, WANTED, Shop, badged
from unit.fakes.examples import (
    OPS_STATEMENT,
    ROLE_ARN,
    ROLE_NAME,
    SUBJECT,
    desired,
    inline,
    trusting,
)
from unit.fakes.wire import fails
from unit.fakes.world import Told

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import problems
from ansible_collections.iamsa.eks.plugins.module_utils.documents.outcome import (
    delete_document,
    outcome_document,
)
from ansible_collections.iamsa.eks.plugins.module_utils.documents.role_policies import policies_document
from ansible_collections.iamsa.eks.plugins.module_utils.documents.verifications import verification_document
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_MARKER,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_STS_REGIONAL,
    ANNOTATION_TOKEN_EXPIRATION,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.describe import describe
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.reconcile import ensure
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.role_policies import role_policies
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verify import verify, verify_many
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.pods import PodOwner
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.plan.gen3_owner import refuse_another_ones


class TestCreate:
    def test_binds_by_the_kinds_own_record_last(self, shop: Shop) -> None:
        shop.create()
        assert shop.sentences == STEPS
        assert shop.office.badges == {SUBJECT: shop.world.role.arn}

    def test_the_role_trusts_what_the_kind_says(self, bound: Shop) -> None:
        (statement,) = bound.world.role.trust["Statement"]
        assert statement["Principal"] == {"Service": "badge.example"}

    def test_the_service_account_names_no_role(self, bound: Shop) -> None:
        assert bound.world.annotations.keys() == {ANNOTATION_MARKER}

    def test_it_needs_no_oidc_provider(self, shop: Shop) -> None:
        shop.world.account.providers.clear()
        shop.create()
        assert shop.sentences == STEPS

    def test_what_is_so_needs_no_steps(self, bound: Shop) -> None:
        assert not bound.create().changed

    def test_a_dry_run_plans_the_same_and_does_nothing(self, shop: Shop) -> None:
        before = shop.world.state()
        outcome = shop.create(dry_run="server")
        assert [step.sentence for step in outcome.steps] == STEPS
        assert (shop.world.state(), shop.office.badges) == (before, {})

    def test_its_forecast_is_what_comes_of_it(self, shop: Shop) -> None:
        foreseen = shop.create(dry_run="client")
        done = shop.create()
        assert (foreseen.role.trust, foreseen.via) == (done.role.trust, done.via)
        ((_before, then),) = shop.told.snapshots
        assert then["badge of serviceaccount/my-sa in namespace web"] == {"role": done.role.arn}

    def test_the_role_is_found_by_what_is_bound(self, bound: Shop) -> None:
        bound.create(badged(desired()))
        assert list(bound.world.account.roles) == [ROLE_NAME]

    def test_a_badge_that_was_taken_is_issued_again(self, bound: Shop) -> None:
        bound.office.badges.clear()
        bound.create()
        assert bound.sentences == ["badge/my-sa issued"]

    def test_statements_of_others_are_kept_out_as_ever(self, bound: Shop) -> None:
        world = bound.world
        world.account.put(trusting(world.role, OPS_STATEMENT))
        with pytest.raises(Refused, match="also contains: Allow sts:AssumeRole to"):
            bound.create()

    def test_limits_of_the_role_are_kept_as_ever(self, shop: Shop) -> None:
        with pytest.raises(Refused, match="and IAM allows at most 10,240"):
            shop.create(badged(desired(inline(action="s3:" + "x" * 10_240))))
        assert (shop.world.account.roles, shop.office.badges) == ({}, {})

    def test_its_own_statement_is_repaired(self, bound: Shop) -> None:
        world = bound.world
        right = world.role.trust
        (statement,) = right["Statement"]
        world.account.put(replace(world.role, trust={**right, "Statement": [{**statement, "Action": "*"}]}))
        bound.create()
        assert world.role.trust == right

    def test_running_pods_are_to_be_restarted(self, shop: Shop) -> None:
        shop.world.kubernetes.pods = {PodOwner("Deployment", "web"): ROLE_ARN}
        assert shop.create().restarts == ("kubectl rollout restart deployment/web -n web",)

    def test_one_that_is_withdrawn_meanwhile_is_told(self, bound: Shop) -> None:
        bound.world.wire.on("iam:TagRole", lambda _: bound.office.badges.clear())
        with pytest.raises(RemoteError, match="serviceaccount web/my-sa lost its badge for role"):
            bound.create(badged(desired(name=ROLE_NAME, tags={"team": "web"})))

    def test_what_was_broken_off_goes_on(self, shop: Shop) -> None:
        shop.world.wire.on("badge:Issue", fails("Closed"))
        with pytest.raises(RemoteError):
            shop.create()
        shop.create()
        assert shop.sentences == ["badge/my-sa issued"]
        assert shop.office.badges == {SUBJECT: shop.world.role.arn}


class TestDelete:
    def test_the_binding_goes_first(self, bound: Shop) -> None:
        bound.delete()
        assert bound.sentences == [
            "badge/my-sa withdrawn",
            f"role/{ROLE_NAME} deleted",
            "serviceaccount/my-sa deleted",
        ]
        assert (bound.office.badges, bound.world.account.roles) == ({}, {})

    def test_a_badge_that_is_issued_meanwhile_keeps_the_role(self, bound: Shop) -> None:
        arn = bound.world.role.arn
        bound.world.wire.on("badge:Withdraw", lambda _: bound.office.badges.update({SUBJECT: arn}))
        with pytest.raises(RemoteError, match="another run concurrently bound"):
            bound.delete()
        assert list(bound.world.account.roles) == [ROLE_NAME]


class TestReads:
    def test_list_says_how_it_stands(self, bound: Shop) -> None:
        item = bound.listed()["my-sa"]
        assert (item["status"]["state"], item["spec"]["via"]) == ("ok", NAME)
        assert item["status"]["role"]["name"] == ROLE_NAME

    def test_list_judges_the_trust_by_the_kind(self, bound: Shop) -> None:
        world = bound.world
        world.account.put(replace(world.role, trust={**world.role.trust, "Statement": [OPS_STATEMENT]}))
        assert bound.listed()["my-sa"]["status"]["state"] == "notTrusted"

    def test_what_irsas_webhook_would_read_says_nothing_of_it(self, bound: Shop) -> None:
        ours = bound.world.kubernetes.service_accounts[SUBJECT]
        settings = {ANNOTATION_TOKEN_EXPIRATION: "4294967297", ANNOTATION_STS_REGIONAL: "true"}
        bound.world.kubernetes.put(replace(ours, annotations={**ours.annotations, **settings}))
        for found in (bound.listed()["my-sa"], bound.described()):
            assert found["status"]["state"] == "ok"
            assert not {"serviceAccount", "audience"} & found["spec"].keys()

    def test_beside_it_the_other_kind_is_what_it_was(self, bound: Shop) -> None:
        other = desired(subject=OTHER)
        ensure(other, bound.world.access(), Told(), kinds=bound.kinds)
        assert {name: item["spec"]["via"] for name, item in bound.listed().items()} == {
            "my-sa": NAME,
            "other": "irsa",
        }
        assert ANNOTATION_ROLE_ARN in bound.world.kubernetes.service_accounts[OTHER].annotations

    def test_list_of_one_knows_whose_the_role_is_by_the_kind(self, bound: Shop) -> None:
        """gen3's form of it asks; without iamsa's tags, the trust policy has to tell."""
        bound.world.account.put(replace(bound.world.role, tags={}))
        found = role_policies(WANTED, bound.world.access(), kinds=bound.kinds)
        assert policies_document(found, SUBJECT)["spec"]["via"] == NAME
        refuse_another_ones(found.role, found.cluster, SUBJECT, found.kind)
        with pytest.raises(Refused, match="does not trust ServiceAccount web/other"):
            refuse_another_ones(found.role, found.cluster, OTHER, found.kind)

    def test_describe_tells_the_same(self, bound: Shop) -> None:
        found = bound.described()
        assert (found["status"]["state"], found["spec"]["via"]) == ("ok", NAME)
        (statement,) = found["status"]["trust"]["statements"]
        assert (found["status"]["trust"]["verdict"], statement["mark"]) == ("allowed", "ours")

    @pytest.mark.parametrize(
        ("verb", "offered"), [("delete", ["my-sa", "other"]), ("create", ["my-sa", "other", "roleless"])]
    )
    def test_completion_offers_whom_either_kind_binds(
        self, bound: Shop, verb: str, offered: list[str]
    ) -> None:
        ensure(desired(subject=OTHER), bound.world.access(), Told(), kinds=bound.kinds)
        bound.world.kubernetes.put(ServiceAccount(Subject("web", "roleless"), {}))
        found = service_accounts(bound.world.access(), verb, bound.kinds)
        assert [name for name, _ in found] == offered
        assert dict(found)["my-sa"] == ROLE_NAME

    def test_verify_proves_it_by_what_the_kind_does(self, bound: Shop) -> None:
        found = verify(SUBJECT, bound.world.access(), kinds=bound.kinds)
        assert (found.verdict, found.via, found.assumed) == ("yes", NAME, f"{bound.world.role.arn}/badge")
        assert not bound.world.wire.names("sts:AssumeRoleWithWebIdentity")

    def test_verify_of_many_finds_it(self, bound: Shop) -> None:
        found = verify_many(bound.world.access(), "web", kinds=bound.kinds)
        assert [(one.subject, one.via) for one in found.items] == [(SUBJECT, NAME)]

    def test_describe_finds_no_fault_with_a_cluster_without_a_provider(self, bound: Shop) -> None:
        bound.world.account.providers.clear()
        chain = describe(WANTED, bound.world.access(), bound.kinds)
        assert [problem.check.id for problem in problems(chain)] == ["policies-attached"]

    def test_only_what_it_is_called_is_new_in_documents(self, bound: Shop) -> None:
        proof = verify(SUBJECT, bound.world.access(), kinds=bound.kinds)
        printed = (
            bound.listed()["my-sa"],
            bound.described(),
            verification_document(proof),
            outcome_document(bound.create(), "none"),
            delete_document(bound.delete(), "none"),
        )
        assert {mistake for one in printed for mistake in mistakes(one)} == {
            f"$.spec.via: {NAME!r} is not one of ['irsa', 'pod-identity']"
        }
