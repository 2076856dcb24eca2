"""A policy in force, and calls about Pod Identity associations."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from gate.authorized import allow, call, denied, policy
from gate.bench import ACCOUNT, ADMIN, Bench, Json, short
from gate.test_gate_associations import PODS

EKS = f"arn:aws:eks:us-east-1:{ACCOUNT}"
CLUSTER = f"{EKS}:cluster/demo"
CREATE = "eks:CreatePodIdentityAssociation"
DESCRIBE = "eks:DescribePodIdentityAssociation"


@pytest.fixture
def association(bench: Bench) -> Iterator[Json]:
    """One with the tag team=web, of a role that has the same tag."""
    iam, name = bench.aws("iam", key=ADMIN), f"pods-{uuid.uuid4().hex[:8]}"
    tags = [{"Key": "team", "Value": "web"}]
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=PODS, Tags=tags)["Role"]["Arn"]
    eks = bench.aws("eks", key=ADMIN)
    made: Json = eks.create_pod_identity_association(**wanted(role), tags={"team": "web"})["association"]
    yield made
    eks.delete_pod_identity_association(clusterName="demo", associationId=made["associationId"])
    iam.delete_role(RoleName=name)


def wanted(role: str) -> Json:
    service_account = f"shop-{uuid.uuid4().hex[:8]}"
    return {"clusterName": "demo", "namespace": "web", "serviceAccount": service_account, "roleArn": role}


def which(association: Json) -> Json:
    return {"clusterName": "demo", "associationId": association["associationId"]}


def test_an_association_is_asked_about_by_its_own_arn(bench: Bench, association: Json) -> None:
    bench.control.settings(policy=policy(allow("eks:*", Resource=CLUSTER)))
    assert f"on resource: {association['associationArn']} " in denied(bench, DESCRIBE, which(association))
    assert call(bench, "eks:ListPodIdentityAssociations", {"clusterName": "demo"})["associations"]
    theirs = f"{EKS}:podidentityassociation/demo/*"
    bench.control.settings(policy=policy(allow("eks:Describe*", Resource=theirs)))
    assert call(bench, DESCRIBE, which(association))["association"]["roleArn"] == association["roleArn"]


def test_its_tags_count(bench: Bench, association: Json) -> None:
    def tagged(team: str) -> Json:
        condition = {"StringEquals": {"aws:ResourceTag/team": team}}
        return policy(allow(DESCRIBE, Condition=condition))

    bench.control.settings(policy=tagged("api"))
    denied(bench, DESCRIBE, which(association))
    bench.control.settings(policy=tagged("web"))
    assert call(bench, DESCRIBE, which(association))


@pytest.mark.parametrize(
    ("missing", "tags"),
    [(CREATE, {}), ("iam:GetRole", {}), ("iam:PassRole", {}), ("eks:TagResource", {"tags": {"team": "web"}})],
    ids=short,
)
def test_to_create_one_takes_its_roles_rights_too(
    bench: Bench, association: Json, missing: str, tags: dict[str, Any]
) -> None:
    needed = [CREATE, "eks:TagResource", "iam:GetRole", "iam:PassRole"]
    bench.control.settings(policy=policy(allow(*(one for one in needed if one != missing))))
    asked = wanted(association["roleArn"]) | tags
    assert f"is not authorized to perform: {missing} on" in denied(bench, CREATE, asked)
    bench.control.settings(policy=policy(allow(*needed)))
    made = call(bench, CREATE, asked)["association"]
    call(bench, "eks:DeletePodIdentityAssociation", which(made), key=ADMIN)


def test_a_role_is_passed_to_pods(bench: Bench, association: Json) -> None:
    def passing(service: str) -> Json:
        condition = {"StringEquals": {"iam:PassedToService": service}}
        return policy(allow(CREATE, "iam:GetRole"), allow("iam:PassRole", Condition=condition))

    asked = wanted(association["roleArn"])
    bench.control.settings(policy=passing("ec2.amazonaws.com"))
    assert "iam:PassRole" in denied(bench, CREATE, asked)
    bench.control.settings(policy=passing("pods.eks.amazonaws.com"))
    made = call(bench, CREATE, asked)["association"]
    call(bench, "eks:DeletePodIdentityAssociation", which(made), key=ADMIN)
