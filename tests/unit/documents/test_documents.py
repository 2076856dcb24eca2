# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One document, whoever prints it: the same spec and status wherever the same was read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from documents import check
from unit.fakes.chains import binding_of
from unit.fakes.examples import (
    BOUNDARY,
    CLUSTER,
    FACTS,
    OPS_STATEMENT,
    READ_S3,
    READ_SQS,
    ROLE_ARN,
    ROLE_NAME,
    SUBJECT,
    by_arn,
    desired,
    document,
    inline,
    our_role,
    recorded,
    service_account,
    trusting,
)
from unit.fakes.proofs import NOT_YET
from unit.fakes.starts import STARTS, Arrange
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.cluster_evidence import ClusterEvidence
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.collect import bare_evidence
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.evidence import Evidence
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import examine, problems
from ansible_collections.iamsa.eks.plugins.module_utils.documents.description import description_document
from ansible_collections.iamsa.eks.plugins.module_utils.documents.diagnosis import (
    diagnoses_document,
    diagnosis_document,
)
from ansible_collections.iamsa.eks.plugins.module_utils.documents.inventory import inventory_document
from ansible_collections.iamsa.eks.plugins.module_utils.documents.outcome import (
    delete_document,
    outcome_document,
)
from ansible_collections.iamsa.eks.plugins.module_utils.documents.role_policies import policies_document
from ansible_collections.iamsa.eks.plugins.module_utils.documents.verifications import (
    verification_document,
    verifications_document,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_STS_REGIONAL,
    ANNOTATION_TOKEN_EXPIRATION,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.describe import describe
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.doctor import Diagnosis
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.inventory import inventory
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.role_policies import role_policies
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verified import verified
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verify import verify, verify_many
from ansible_collections.iamsa.eks.plugins.module_utils.model.association import Association
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest, Desired

ELSEWHERE = "arn:aws:iam::999999999999:role/theirs"


def described(world: World) -> Any:
    chain = describe(desired(), world.access())
    return check(description_document(chain, problems(chain)))


def listed(world: World) -> Any:
    (item,) = check(inventory_document(inventory(world.access(), "web")))["items"]
    return item


def proven(world: World) -> Any:
    return check(verification_document(verify(SUBJECT, world.access())))


def examined(world: World) -> Any:
    return check(diagnosis_document(diagnosis(world), SUBJECT))


def diagnosis(world: World) -> Diagnosis:
    """All checks, over what describe reads."""
    return Diagnosis(CLUSTER, SUBJECT, examine(Evidence(describe(desired(), world.access()))))


def created(world: World, wanted: Desired) -> Any:
    return check(outcome_document(world.create(wanted), "none"))


@pytest.fixture
def bound(world: World) -> World:
    """The ServiceAccount with its role, which has one managed policy."""
    world.account.put(recorded(our_role(), READ_S3), READ_S3)
    world.kubernetes.put(service_account())
    return world


@pytest.mark.parametrize(("arrange", "wanted"), STARTS)
def test_describe_and_list_tell_what_create_left(world: World, arrange: Arrange, wanted: Desired) -> None:
    arrange(world)
    outcome = created(world, wanted)
    for found in (described(world), listed(world)):
        assert found["metadata"] == outcome["metadata"]
        for part in ("spec", "status"):
            both = found[part].keys() & outcome[part].keys() - {"policies"}
            assert {key: alike(found[part][key], outcome[part][key]) for key in both} == dict.fromkeys(
                both, True
            )


def alike(one: Any, other: Any) -> bool:
    """Where both were read."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(one[key] == other[key] for key in one.keys() & other.keys())
    return bool(one == other)


@pytest.mark.parametrize("reader", [described, listed, proven, examined])
def test_every_verb_names_the_service_account_and_its_cluster(bound: World, reader: Any) -> None:
    found = reader(bound)
    assert (found["apiVersion"], found["kind"]) == ("iamsa/v1alpha1", "ServiceAccountRole")
    assert found["metadata"] == {"name": "my-sa", "namespace": "web", "cluster": CLUSTER.arn}
    assert found["status"]["cluster"]["issuer"] == CLUSTER.issuer


class TestSpec:
    """What would have to be asked for to get what is there."""

    def test_a_new_role_is_told_in_full(self, world: World) -> None:
        (wanted,) = (start.values[1] for start in STARTS if start.id == "every-option")
        world.account.add(replace(READ_S3, name="boundary", arn=BOUNDARY))
        assert created(world, wanted)["spec"] == {
            "via": "irsa",
            "policies": [READ_S3.arn],
            "role": {
                "name": ROLE_NAME,
                "path": "/team/",
                "permissionsBoundary": BOUNDARY,
                "tags": {"team": "web"},
                "description": "reads",
                "maxSessionDuration": "2h",
            },
            "audience": "sts.amazonaws.com",
            "serviceAccount": {"stsRegionalEndpoints": True, "tokenExpiration": "1h"},
        }

    def test_an_inline_policy_that_was_written_is_told_with_its_document(self, world: World) -> None:
        spec = created(world, desired(by_arn(READ_SQS), inline()))["spec"]
        assert spec["policies"] == [READ_SQS.arn, {"name": "reader", "document": document()}]

    @pytest.mark.parametrize("reader", [described, listed])
    def test_policies_are_left_out_where_an_inline_one_was_not_read(self, bound: World, reader: Any) -> None:
        assert reader(bound)["spec"]["policies"] == [READ_S3.arn]
        bound.account.put(our_role(), READ_S3, reader=document())
        assert "policies" not in reader(bound)["spec"]

    def test_policies_are_left_out_where_a_run_did_not_read_all_of_them(self, bound: World) -> None:
        assert "policies" not in created(bound, desired(by_arn(READ_SQS)))["spec"]

    @pytest.mark.parametrize("reader", [described, listed])
    def test_a_role_that_iamsa_does_not_manage_is_told_by_its_arn(self, bound: World, reader: Any) -> None:
        bound.account.put(our_role(tags={"team": "ops"}), READ_S3)
        assert reader(bound)["spec"] == {
            "via": "irsa",
            "audience": "sts.amazonaws.com",
            "role": {"arn": ROLE_ARN},
        }

    @pytest.mark.parametrize("reader", [described, listed])
    def test_so_is_a_role_of_another_account(self, world: World, reader: Any) -> None:
        world.kubernetes.put(service_account({ANNOTATION_ROLE_ARN: ELSEWHERE}))
        found = reader(world)
        assert found["spec"]["role"] == {"arn": ELSEWHERE}
        assert "role" not in found["status"]

    @pytest.mark.parametrize("reader", [described, listed])
    def test_annotations_that_no_option_could_have_set_are_left_out(self, world: World, reader: Any) -> None:
        odd = {ANNOTATION_AUDIENCE: "", ANNOTATION_STS_REGIONAL: "maybe", ANNOTATION_TOKEN_EXPIRATION: "7"}
        world.kubernetes.put(service_account({ANNOTATION_ROLE_ARN: "no ARN", **odd}))
        found = reader(world)
        assert found["spec"] == {"via": "irsa"}
        assert found["status"]["serviceAccount"]["annotations"].items() >= odd.items()

    @pytest.mark.parametrize("reader", [described, listed])
    def test_there_is_none_of_what_an_association_alone_binds(self, world: World, reader: Any) -> None:
        world.kubernetes.put(service_account({"iamsa/created-for": "x"}))
        world.pod_identity.associated = {SUBJECT: Association("a-1", ROLE_ARN, subject=SUBJECT)}
        found = reader(world)
        assert "spec" not in found
        assert found["status"]["state"] == "podIdentity"


class TestStatus:
    """What was looked for and is not there is null or empty; what was not looked for is absent."""

    @pytest.mark.parametrize("reader", [described, listed])
    def test_a_missing_role_is_null(self, bound: World, reader: Any) -> None:
        bound.account.roles.clear()
        found = reader(bound)["status"]
        assert (found["state"], found["role"]) == ("roleMissing", None)
        assert not {"owner", "policies", "trust"} & found.keys()

    def test_a_missing_service_account_is_null(self, bound: World) -> None:
        bound.kubernetes.service_accounts.clear()
        chain = describe(desired(name=ROLE_NAME), bound.access())
        found = check(description_document(chain, problems(chain)))["status"]
        assert (found["serviceAccount"], "state" in found) == (None, False)

    def test_another_role_than_the_named_one_says_nothing_of_the_state(self, bound: World) -> None:
        bound.account.put(our_role(name="other"))
        chain = describe(desired(name="other"), bound.access())
        assert "state" not in check(description_document(chain, problems(chain)))["status"]

    def test_list_does_not_read_what_only_get_role_shows(self, bound: World) -> None:
        assert described(bound)["status"]["role"].keys() - listed(bound)["status"]["role"].keys() == {
            "description",
            "maxSessionDuration",
            "lastUsed",
        }

    def test_describe_tells_what_doctor_checks_in_the_same_form(self, bound: World) -> None:
        bound.account.put(trusting(our_role(trust={"Statement": []}), OPS_STATEMENT), READ_S3)
        checks = {one["check"]: one for one in examined(bound)["status"]["diagnosis"]["checks"]}
        found = described(bound)["status"]["problems"]
        assert found
        assert {one["check"]: one["what"] for one in found}.items() <= {
            name: one["what"] for name, one in checks.items()
        }.items()
        assert all(one.keys() == checks[one["check"]].keys() for one in found)

    def test_the_proof_of_a_create_is_that_of_verify(self, bound: World) -> None:
        outcome = bound.create(desired(by_arn(READ_S3)))
        waited = check(outcome_document(verified(outcome, bound.access(), 1), "none"))
        proof, other = (one["status"]["verification"] for one in (waited, proven(bound)))
        assert {**proof, "seconds": 0} == {**other, "seconds": 0}
        assert proof["verdict"] == "yes"

    def test_a_refused_proof_has_its_reason(self, bound: World) -> None:
        bound.sts.refusals = [NOT_YET]
        found = proven(bound)["status"]["verification"]
        assert (found["verdict"], found["reason"]["cause"], found["assumedRole"]) == (
            "no",
            "notTrusted",
            None,
        )

    def test_a_delete_tells_what_was_there(self, bound: World) -> None:
        found = check(delete_document(bound.delete(DeleteRequest(desired())), "none"))["status"]
        assert found["role"] == {"arn": ROLE_ARN, "name": ROLE_NAME}
        assert (found["run"]["changed"], found["run"]["dryRun"]) == (True, "none")
        assert "role/app deleted" in [step["sentence"] for step in found["run"]["steps"]]

    @pytest.mark.parametrize("dry_run", ["client", "server"])
    def test_a_dry_run_says_that_it_was_one(self, bound: World, dry_run: Any) -> None:
        outcome = bound.create(desired(by_arn(READ_SQS)), dry_run)
        run = check(outcome_document(outcome, dry_run))["status"]["run"]
        assert (run["changed"], run["dryRun"]) == (True, dry_run)


class TestLists:
    def test_each_item_is_the_document_of_its_own_verb(self, bound: World) -> None:
        bound.kubernetes.put(replace(service_account(), subject=Subject("db", "my-sa")))
        found = check(verifications_document(verify_many(bound.access(), None)))
        (own,) = [one for one in found["items"] if one["metadata"]["namespace"] == "web"]
        own["status"]["verification"]["seconds"] = 0
        alone = proven(bound)
        alone["status"]["verification"]["seconds"] = 0
        assert (found["kind"], own) == ("ServiceAccountRoleList", alone)

    def test_an_empty_list_still_names_the_cluster(self, world: World) -> None:
        found = check(inventory_document(inventory(world.access(), "web")))
        assert (found["metadata"], found["items"]) == ({"cluster": CLUSTER.arn}, [])

    def test_doctor_tells_of_the_cluster_alone_in_the_status_of_the_list(self) -> None:
        alone = Diagnosis(
            CLUSTER,
            None,
            examine(bare_evidence(Subject("web", ""), binding_of(None), ClusterEvidence(FACTS))),
        )
        found = check(diagnoses_document((alone,)))
        assert (found["metadata"], found["items"]) == ({"cluster": CLUSTER.arn}, [])
        assert found["status"]["diagnosis"]["checks"]

    def test_doctor_lists_service_accounts(self, bound: World) -> None:
        (item,) = check(diagnoses_document((diagnosis(bound),)))["items"]
        assert item == examined(bound)

    def test_the_policies_of_one_role_are_in_its_document(self, bound: World) -> None:
        found = check(policies_document(role_policies(desired(), bound.access()), SUBJECT))
        assert found["status"]["policies"] == listed(bound)["status"]["policies"]
        assert found["spec"]["role"] == listed(bound)["spec"]["role"]
