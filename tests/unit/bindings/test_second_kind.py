# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A kind of binding that the core does not know goes through every job, by its own folder alone."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from documents import check, mistakes
from kubectl_iamsa.completion.live import service_accounts
from unit.bindings.badge import NAME, BadgeKind, Office
from unit.fakes.api_server import pod
from unit.fakes.examples import (
    OPS_STATEMENT,
    READ_S3,
    ROLE_ARN,
    ROLE_NAME,
    SUBJECT,
    by_arn,
    desired,
    inline,
    trusting,
)
from unit.fakes.wire import fails
from unit.fakes.world import Told, World

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.registry import KINDS
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.check import Result
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import is_well, problems
from ansible_collections.iamsa.eks.plugins.module_utils.documents.description import description_document
from ansible_collections.iamsa.eks.plugins.module_utils.documents.diagnosis import diagnosis_document
from ansible_collections.iamsa.eks.plugins.module_utils.documents.inventory import (
    inventory_document,
    policies_document,
)
from ansible_collections.iamsa.eks.plugins.module_utils.documents.outcome import (
    outcome_document,
    removed_document,
)
from ansible_collections.iamsa.eks.plugins.module_utils.documents.verification import verification_document
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_MARKER,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_STS_REGIONAL,
    ANNOTATION_TOKEN_EXPIRATION,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.delete import remove
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.describe import describe
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.doctor import (
    Diagnosis,
    examine_account,
    examine_all,
    examine_workload,
)
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.inventory import inventory, role_policies
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.reconcile import ensure
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.run import DryRun
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verify import verify, verify_many
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.pod_owners import PodOwner
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Binding, DeleteRequest, Desired
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import DeleteResult, Outcome
from ansible_collections.iamsa.eks.plugins.module_utils.plan.gen3 import refuse_another_ones

CORE = Path(__file__).parents[3] / "ansible_collections/iamsa/eks/plugins/module_utils"
OTHER = Subject("web", "other")
STEPS = [
    f"role/{ROLE_NAME} created",
    "serviceaccount/my-sa created",
    "badge/my-sa issued",
]


def badged(wanted: Desired) -> Desired:
    return replace(wanted, bindings=(Binding(SUBJECT, NAME),))


WANTED = badged(desired(name=ROLE_NAME))


class Shop:
    """A world with an office of badges, whose jobs know the second kind."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.office = Office(world.wire)
        self.kinds = {**KINDS, NAME: BadgeKind(self.office)}
        self.told = Told()

    def create(self, wanted: Desired = WANTED, dry_run: DryRun = "none") -> Outcome:
        self.told = Told()
        return ensure(wanted, self.world.access(), self.told, dry_run=dry_run, kinds=self.kinds)

    def delete(self, wanted: Desired = WANTED) -> DeleteResult:
        self.told = Told()
        return remove(DeleteRequest(wanted), self.world.access(), self.told, kinds=self.kinds)

    def listed(self) -> dict[str, Any]:
        """The items of the list's document, by name."""
        found = inventory_document(inventory(self.world.access(), "web", self.kinds))
        return {item["metadata"]["name"]: item for item in found["items"]}

    def described(self) -> Any:
        return description_document(describe(WANTED, self.world.access(), self.kinds), ())

    def examined(self) -> Diagnosis:
        return examine_account(WANTED, self.world.access(), kinds=self.kinds)

    @property
    def sentences(self) -> list[str]:
        return [step.sentence for step in self.told.steps]


@pytest.fixture
def shop(world: World) -> Shop:
    return Shop(world)


@pytest.fixture
def bound(shop: Shop) -> Shop:
    shop.create()
    shop.world.wire.forget()
    return shop


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
        with pytest.raises(Refused, match="also holds: Allow sts:AssumeRole to"):
            bound.create()

    def test_limits_of_the_role_are_kept_as_ever(self, shop: Shop) -> None:
        with pytest.raises(Refused, match="and IAM allows 10,240"):
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
        with pytest.raises(RemoteError, match="was bound by another run meanwhile"):
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
            removed_document(bound.delete(), "none"),
        )
        assert {mistake for one in printed for mistake in mistakes(one)} == {
            f"$.spec.via: {NAME!r} is not one of ['irsa', 'pod-identity']"
        }


def by_check(found: Diagnosis) -> dict[str, Result]:
    return {result.check.id: result for result in found.results}


class TestDoctor:
    @pytest.fixture
    def well(self, shop: Shop) -> Shop:
        """With a role that has a policy."""
        shop.create(badged(desired(by_arn(READ_S3), name=ROLE_NAME)))
        shop.world.wire.forget()
        return shop

    def test_nothing_is_wrong_and_the_kind_has_proven_it(self, well: Shop) -> None:
        found = well.examined()
        assert is_well(found.results)
        assert by_check(found)["token-exchange"].verdict == "ok"
        assert well.world.wire.names("badge:Look")
        assert not well.world.wire.names("sts:AssumeRoleWithWebIdentity")

    def test_its_document_is_as_the_schema_says(self, bound: Shop) -> None:
        found = check(diagnosis_document(bound.examined(), SUBJECT))
        assert found["status"]["diagnosis"]["summary"]["fail"] == 1

    def test_what_it_does_without_is_not_looked_at(self, well: Shop) -> None:
        well.world.account.providers.clear()
        well.world.kubernetes.connection.pods = [pod(SUBJECT)]
        found = well.examined()
        assert is_well(found.results)
        unused = {name for name, one in by_check(found).items() if one.what == "its badge does not use it"}
        assert {"provider-exists", "webhook-present", "webhook-answers", "pod-variables"} <= unused

    def test_whom_the_role_trusts_is_judged_by_the_kind(self, well: Shop) -> None:
        world = well.world
        world.account.put(replace(world.role, trust={**world.role.trust, "Statement": [OPS_STATEMENT]}))
        found = by_check(well.examined())["trust-principal"]
        assert (found.verdict, found.what[:26]) == ("fail", "it lets in somebody else, ")

    def test_a_proof_that_fails_says_why(self, well: Shop) -> None:
        arn = well.world.role.arn
        well.world.wire.on("badge:Look", lambda _: arn)
        well.world.wire.on("badge:Look", lambda _: f"{arn}-2")
        found = by_check(well.examined())["token-exchange"]
        assert (found.verdict, "its badge is for another role" in found.what) == ("fail", True)

    @pytest.mark.parametrize("namespace", ["web", None])
    def test_it_is_found_among_others(self, well: Shop, namespace: str | None) -> None:
        ensure(desired(by_arn(READ_S3), subject=OTHER), well.world.access(), Told(), kinds=well.kinds)
        well.world.kubernetes.put(ServiceAccount(Subject("web", "plain"), {}))
        found = examine_all(namespace, well.world.access(), kinds=well.kinds)
        assert [(one.subject, is_well(one.results)) for one in found] == [(SUBJECT, True), (OTHER, True)]

    def test_it_is_what_a_workload_without_a_role_is_pointed_to(self, well: Shop) -> None:
        kubernetes = well.world.kubernetes
        kubernetes.put(ServiceAccount(Subject("web", "default"), {}))
        kubernetes.connection.workloads["/apis/apps/v1/namespaces/web/deployments/app"] = {
            "spec": {"selector": {}, "template": {"spec": {}}}
        }
        found = examine_workload("Deployment", "app", well.world.access(), kinds=well.kinds)
        assert "which has no role, unlike my-sa" in by_check(found)["workload-account"].what


def test_outside_of_its_folder_no_code_names_a_kind() -> None:
    """But for the default of a request, and the words of the schema."""
    allowed = {"model/desired.py", "schema/spec.py"}
    named = {
        str(path.relative_to(CORE))
        for path in CORE.rglob("*.py")
        if "bindings" not in path.relative_to(CORE).parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in KINDS
    }
    assert named <= allowed
