"""A Pod Identity association beside the annotation: what is said of pods, and of what was not read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from breakages.pod_identity import TRUST
from e2e.shop import S3, Shop
from pocket_eks.control import Control

pytestmark = pytest.mark.warm
LIST = "eks:ListPodIdentityAssociations"
Associate = Callable[[str], str]


@pytest.fixture
def other_role(shop: Shop) -> str:
    """The ARN of a role for pods."""
    document = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    made = shop.iam.create_role(RoleName=f"pods-{shop.namespace}", AssumeRolePolicyDocument=document)
    return str(made["Role"]["Arn"])


@pytest.fixture
def associate(shop: Shop, aws: Callable[..., Any]) -> Associate:
    """`associate(role_arn)`: the ID of a new association of the ServiceAccount."""

    def make(role_arn: str) -> str:
        made = aws("eks").create_pod_identity_association(
            clusterName=shop.world.cluster,
            namespace=shop.namespace,
            serviceAccount=shop.name,
            roleArn=role_arn,
        )
        return str(made["association"]["associationId"])

    return make


@pytest.fixture
def shared(made: Shop, aws: Callable[..., Any]) -> tuple[Shop, Callable[[], None]]:
    """The ServiceAccount, whose role a neighbour's association uses too; and what deletes that."""
    made.set_trust(made.statement(), TRUST)
    eks, cluster = aws("eks"), made.world.cluster
    association = eks.create_pod_identity_association(
        clusterName=cluster, namespace=made.namespace, serviceAccount="neighbour", roleArn=made.role_arn
    )["association"]["associationId"]
    return made, lambda: eks.delete_pod_identity_association(clusterName=cluster, associationId=association)


def of_json(shop: Shop, verb: str, *words: str, code: int = 0) -> Any:
    """The status of the document; of list, that of its one item."""
    found = json.loads(shop.iamsa(verb, *words, "-n", shop.namespace, "-o", "json", code=code).stdout)
    return found["items"][0]["status"] if verb == "list" else found["status"]


def as_document(identifier: str, role_arn: str) -> Any:
    return {"id": identifier, "roleArn": role_arn, "targetRoleArn": None, "ownerArn": None}


def test_verify_does_not_verify_a_role_that_pods_do_not_get(
    made: Shop, associate: Associate, other_role: str
) -> None:
    identifier = associate(other_role)
    found = of_json(made, "verify", "shop", code=1)
    proof = found["verification"]
    assert (proof["verdict"], proof["reason"]["cause"], proof["assumedRole"]) == ("no", "otherRole", None)
    assert found["podIdentityAssociations"] == [
        {"id": identifier, "roleArn": other_role, "targetRoleArn": None, "ownerArn": None}
    ]
    said = made.iamsa("verify", "shop", "-n", made.namespace, code=1).stdout
    assert other_role in said
    assert "verified" not in said


def test_what_the_agent_hands_out_is_not_proven(shop: Shop, associate: Associate, other_role: str) -> None:
    shop.make_service_account({})
    associate(other_role)
    assert of_json(shop, "verify", "shop", code=3)["verification"]["verdict"] == "unknown"


def test_create_and_diff_tell_of_it_and_a_wait_fails(
    made: Shop, associate: Associate, other_role: str
) -> None:
    identifier = associate(other_role)
    assert identifier in made.create().stderr
    assert identifier in made.iamsa("diff", "shop", "-p", S3, "-n", made.namespace).stderr
    done = made.create("--wait", code=1)
    assert other_role in done.stderr


def test_describe_of_an_association_alone_says_what_pods_get(
    shop: Shop, associate: Associate, other_role: str
) -> None:
    shop.make_service_account({})
    identifier = associate(other_role)
    found = of_json(shop, "describe", "shop")
    assert found["problems"] == []
    assert found["podIdentityAssociations"] == [
        {"id": identifier, "roleArn": other_role, "targetRoleArn": None, "ownerArn": None}
    ]
    said = shop.iamsa("describe", "shop", "-n", shop.namespace).stdout
    assert f"{identifier}: new pods get {other_role}" in said
    assert "kubectl iamsa create" not in said


def test_list_does_not_call_it_ok(made: Shop, associate: Associate, other_role: str) -> None:
    associate(other_role)
    assert of_json(made, "list")["state"] == "podIdentity"


@pytest.mark.parametrize(
    "effect", [{"error": "AccessDeniedException"}, {"status": 404}], ids=["denied", "404"]
)
def test_where_they_cannot_be_read_nothing_fails_and_less_is_said(
    made: Shop, control: Control, effect: dict[str, Any]
) -> None:
    control.fault("aws", LIST, effect, times=None)
    done = made.create()
    assert "Pod Identity" not in done.stderr
    assert "podIdentityAssociations" not in of_json(made, "list")
    proven = made.iamsa("verify", "shop", "-n", made.namespace)
    assert "verified" not in proven.stdout
    assert "could not determine whether" in proven.stderr


def test_a_list_that_hangs_holds_no_verb_up_for_long(made: Shop, control: Control) -> None:
    control.fault("aws", LIST, {"hang": True}, times=None)
    made.create("--timeout", "20s")


@pytest.mark.usefixtures("cluster_admin")
def test_what_a_neighbour_s_pods_need_is_not_unmanaged_and_no_command_removes_it(
    shared: tuple[Shop, Callable[[], None]], writes: Callable[[], list[str]], control: Control
) -> None:
    shop, end_association = shared
    control.clear_calls()
    shop.create()
    assert writes() == []
    diagnosis = of_json(shop, "doctor", "shop")["diagnosis"]
    assert not [one for one in diagnosis["checks"] if "--replace-trust" in one["remedy"]]
    shop.create("--replace-trust")
    assert TRUST in shop.trust()
    refused = shop.iamsa("delete", "shop", "-n", shop.namespace, "--yes", code=1)
    assert "delete-pod-identity-association" in refused.stderr
    assert TRUST in shop.trust()

    end_association()
    found = of_json(shop, "describe", "shop")["problems"]
    assert [one["check"] for one in found] == ["trust-unmanaged"]
    assert "another cluster" in found[0]["what"]
    shop.create("--replace-trust")
    assert TRUST not in shop.trust()


def test_where_it_is_not_known_who_needs_it_it_stays_and_is_noted(
    shared: tuple[Shop, Callable[[], None]], control: Control
) -> None:
    shop, _ = shared
    control.fault("aws", LIST, {"error": "AccessDeniedException"}, times=None)
    assert "still trusts pods.eks.amazonaws.com" in shop.create().stderr
    assert "still trusts pods.eks.amazonaws.com" in shop.create("--replace-trust").stderr
    assert TRUST in shop.trust()
    refused = shop.iamsa("delete", "shop", "-n", shop.namespace, "--yes", code=1)
    assert "--replace-trust" not in refused.stderr
