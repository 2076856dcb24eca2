"""EKS add-ons through the gate, and the Pod Identity associations that they own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from gate.bench import ACCOUNT, Bench, Json, refusal
from gate.test_gate_associations import PODS

AGENT = "eks-pod-identity-agent"


@pytest.fixture
def eks(bench: Bench) -> Iterator[Any]:
    """A client; no add-on is there, before or afterwards."""
    client = bench.aws("eks")
    yield client
    bench.control.reset()
    for name in client.list_addons(clusterName="demo")["addons"]:
        client.delete_addon(clusterName="demo", addonName=name)


@pytest.fixture
def role(bench: Bench) -> Iterator[str]:
    """The ARN of a role that EKS may assume for pods."""
    iam, name = bench.aws("iam"), f"pods-{uuid.uuid4().hex[:8]}"
    yield iam.create_role(RoleName=name, AssumeRolePolicyDocument=PODS)["Role"]["Arn"]
    iam.delete_role(RoleName=name)


def associations(eks: Any, namespace: str) -> list[Json]:
    found: list[Json] = eks.list_pod_identity_associations(clusterName="demo", namespace=namespace)[
        "associations"
    ]
    return found


def test_an_add_on_comes_and_goes(eks: Any) -> None:
    assert eks.list_addons(clusterName="demo")["addons"] == []
    made = eks.create_addon(clusterName="demo", addonName=AGENT)["addon"]
    assert made["addonArn"].startswith(f"arn:aws:eks:us-east-1:{ACCOUNT}:addon/demo/{AGENT}/")
    assert eks.list_addons(clusterName="demo")["addons"] == [AGENT]
    shown = eks.describe_addon(clusterName="demo", addonName=AGENT)["addon"]
    assert (shown["status"], shown["podIdentityAssociations"]) == ("ACTIVE", [])
    assert "serviceAccountRoleArn" not in shown
    eks.delete_addon(clusterName="demo", addonName=AGENT)
    told = refusal(lambda: eks.describe_addon(clusterName="demo", addonName=AGENT))
    message = f"No addon: {AGENT} found in cluster: demo"
    assert told == ("ResourceNotFoundException", 404, message)


def test_an_add_on_is_there_once(eks: Any) -> None:
    eks.create_addon(clusterName="demo", addonName=AGENT)
    told = refusal(lambda: eks.create_addon(clusterName="demo", addonName=AGENT))
    assert told == ("ResourceInUseException", 409, "Addon already exists.")


def test_an_add_on_owns_the_associations_that_it_is_created_with(eks: Any, role: str) -> None:
    wanted = [{"serviceAccount": "ebs-csi-controller-sa", "roleArn": role}]
    made = eks.create_addon(clusterName="demo", addonName="ebs", podIdentityAssociations=wanted)["addon"]
    (listed,) = associations(eks, "kube-system")
    assert (listed["serviceAccount"], listed["ownerArn"]) == ("ebs-csi-controller-sa", made["addonArn"])
    assert made["podIdentityAssociations"] == [listed["associationArn"]]
    which = {"clusterName": "demo", "associationId": listed["associationId"]}
    assert eks.describe_pod_identity_association(**which)["association"]["ownerArn"] == made["addonArn"]
    eks.delete_addon(clusterName="demo", addonName="ebs")
    assert associations(eks, "kube-system") == []


def test_what_an_add_on_owns_stays_if_it_is_to_be_preserved(eks: Any, role: str) -> None:
    wanted = [{"serviceAccount": "agent", "roleArn": role}]
    space = {"namespace": f"kept-{uuid.uuid4().hex[:8]}"}
    eks.create_addon(
        clusterName="demo", addonName="ebs", podIdentityAssociations=wanted, namespaceConfig=space
    )
    eks.delete_addon(clusterName="demo", addonName="ebs", preserve=True)
    (listed,) = associations(eks, space["namespace"])
    assert "ownerArn" not in listed


def test_an_add_on_whose_association_is_refused_is_not_created(eks: Any) -> None:
    wanted = [{"serviceAccount": "agent", "roleArn": f"arn:aws:iam::{ACCOUNT}:role/none"}]
    told = refusal(
        lambda: eks.create_addon(clusterName="demo", addonName="ebs", podIdentityAssociations=wanted)
    )
    assert told[0] == "InvalidParameterException"
    assert eks.list_addons(clusterName="demo")["addons"] == []
