"""Pod Identity associations, which override the annotation."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable

from breakages.breakage import Breakage
from breakages.patient import Json, Patient

AGENT = "eks-pod-identity-agent"
TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
}


def associate(one: Patient, role_arn: str) -> None:
    world = one.shop.world
    made = one.eks.create_pod_identity_association(
        clusterName=world.cluster,
        namespace=one.shop.namespace,
        serviceAccount="shop",
        roleArn=role_arn,
    )
    identifier = made["association"]["associationId"]

    def remove() -> None:
        left = one.eks.list_pod_identity_associations(
            clusterName=world.cluster, namespace=one.shop.namespace
        )["associations"]
        if left:
            one.eks.delete_pod_identity_association(clusterName=world.cluster, associationId=identifier)

    one.undo.append(remove)


def another_role(one: Patient) -> str:
    name = f"pods-{one.shop.namespace}"
    document = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    made: Json = one.shop.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
    return str(made["Role"]["Arn"])


def install_add_on(one: Patient) -> None:
    one.eks.create_addon(clusterName=one.shop.world.cluster, addonName=AGENT)
    one.undo.append(lambda: remove_add_on(one))


def remove_add_on(one: Patient) -> None:
    with contextlib.suppress(one.eks.exceptions.ResourceNotFoundException):
        one.eks.delete_addon(clusterName=one.shop.world.cluster, addonName=AGENT)


def run_agent(one: Patient, namespace: str = "kube-system") -> None:
    """Run the agent as a DaemonSet, without the add-on."""
    labels = {"app": AGENT}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "agent", "image": "agent"}]}}
    agent = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": AGENT, "namespace": namespace},
        "spec": {"selector": {"matchLabels": labels}, "template": pod},
    }
    one.shop.ok("create", "-f", "-", stdin=json.dumps(agent))
    one.undo.append(lambda: one.shop.ok("delete", "daemonset", AGENT, "-n", namespace))


def overridden(agent: Callable[[Patient], None]) -> Callable[[Patient], None]:
    def put(one: Patient) -> None:
        agent(one)
        associate(one, another_role(one))

    return put


def same_role(one: Patient) -> str:
    """The ServiceAccount's own role, which also trusts Pod Identity."""
    one.shop.set_trust(one.shop.statement(), TRUST)
    return one.shop.role_arn


def without_agent(one: Patient) -> None:
    one.undo.append(lambda: remove_add_on(one))
    associate(one, same_role(one))


def agent_elsewhere(one: Patient) -> None:
    run_agent(one, one.shop.namespace)
    without_agent(one)


BREAKAGES: tuple[Breakage, ...] = (
    Breakage("association-with-another-role", "pod-identity-association", overridden(install_add_on)),
    Breakage("association-with-an-agent-of-ones-own", "pod-identity-association", overridden(run_agent)),
    Breakage("association-without-agent", "pod-identity-agent", without_agent, proven=3),
    Breakage("association-with-an-agent-elsewhere", "pod-identity-agent", agent_elsewhere, proven=3),
)
