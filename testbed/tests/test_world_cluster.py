"""The world's cluster: what is in it, who may do what, and that controllers and webhook work."""

from __future__ import annotations

import base64
import json
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest
from pocket_eks.control import Control
from pocket_eks.pods import pod_token, service_account_token
from pocket_eks.world import World

Kubectl = Callable[..., "subprocess.CompletedProcess[str]"]
Aws = Callable[..., Any]
ROLE = "arn:aws:iam::123456789012:role/web"


def until(ready: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return True
        time.sleep(0.1)
    return False


def claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims


def make_pod(kubectl: Kubectl, namespace: str, name: str, **metadata: Any) -> dict[str, Any]:
    """A pod of the ServiceAccount `web` as the API server has it."""
    spec = {"serviceAccountName": "web", "containers": [{"name": "main", "image": "none"}]}
    manifest = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, **metadata}, "spec": spec}
    made = kubectl("create", "-n", namespace, "-o", "json", "-f", "-", stdin=json.dumps(manifest))
    assert made.returncode == 0, made.stderr
    pod: dict[str, Any] = json.loads(made.stdout)
    return pod


def names_of_env(pod: dict[str, Any]) -> set[str]:
    return {item["name"] for item in pod["spec"]["containers"][0].get("env", [])}


def test_kubeconfig_reads_as_eks_writes_it(world: World, kubectl: Kubectl) -> None:
    config = json.loads(kubectl("config", "view", "--raw", "--minify", "-o", "json").stdout)
    arn = "arn:aws:eks:us-east-1:123456789012:cluster/demo"
    assert config["current-context"] == config["clusters"][0]["name"] == config["users"][0]["name"] == arn
    command = config["users"][0]["user"]["exec"]
    assert command["apiVersion"] == "client.authentication.k8s.io/v1beta1"
    expected = "--region us-east-1 eks get-token --cluster-name demo --output json"
    assert command["args"] == expected.split()
    assert world.cluster_arn == arn


def test_issuer_reads_as_eks_has_it(world: World, kubectl: Kubectl) -> None:
    discovery = json.loads(kubectl("get", "--raw", "/.well-known/openid-configuration").stdout)
    prefix, _, identifier = discovery["issuer"].rpartition("/")
    assert prefix == "https://oidc.eks.us-east-1.amazonaws.com/id"
    assert len(identifier) == 32
    assert identifier == identifier.upper()
    assert discovery["issuer"] == world.issuer
    assert discovery["jwks_uri"] == f"{world.issuer}/keys"


def test_exec_user_is_admin_and_a_bad_token_is_nobody(kubectl: Kubectl) -> None:
    assert kubectl("auth", "can-i", "*", "*").stdout == "yes\n"
    refused = kubectl("get", "ns", "--token", "k8s-aws-v1.bm9wZQ", "--user", "nobody")
    assert refused.returncode == 1


def test_narrow_user_works_in_one_namespace_only(world: World, kubectl: Kubectl) -> None:
    def narrow(*words: str) -> subprocess.CompletedProcess[str]:
        return kubectl("--kubeconfig", world.variables["WORLD_KUBECONFIG_NARROW"], *words)

    refused = narrow("get", "namespaces")
    assert refused.returncode == 1
    assert 'namespaces is forbidden: User "narrow" cannot list resource' in refused.stderr
    assert narrow("get", "sa", "-n", "default").returncode == 1
    for words in (
        ("create", "sa", "mine"),
        ("annotate", "sa", "mine", "a=b"),
        ("create", "token", "mine"),
        ("get", "pods"),
        ("delete", "sa", "mine"),
    ):
        done = narrow(*words)
        assert done.returncode == 0, done.stderr
    assert narrow("create", "deployment", "web", "--image=none").returncode == 1


def test_controllers_work(kubectl: Kubectl, namespace: str) -> None:
    assert until(lambda: kubectl("get", "sa", "default", "-n", namespace).returncode == 0)
    assert kubectl("create", "deployment", "web", "--image=none", "-n", namespace).returncode == 0
    assert until(lambda: "Pending" in kubectl("get", "pods", "-n", namespace).stdout)
    assert kubectl("delete", "ns", namespace, "--timeout=30s").returncode == 0


def test_webhook_gives_a_real_pod_its_identity(world: World, kubectl: Kubectl, namespace: str) -> None:
    kubectl("create", "sa", "web", "-n", namespace)
    kubectl("annotate", "sa", "web", "-n", namespace, f"eks.amazonaws.com/role-arn={ROLE}")
    pod = make_pod(kubectl, namespace, "with", annotations={"eks.amazonaws.com/token-expiration": "3600"})
    env = {item["name"]: item["value"] for item in pod["spec"]["containers"][0]["env"]}
    assert env == {
        "AWS_STS_REGIONAL_ENDPOINTS": "regional",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_ROLE_ARN": ROLE,
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/secrets/eks.amazonaws.com/serviceaccount/token",
    }
    token = claims(pod_token(world.environ, namespace, "with"))
    assert token["sub"] == f"system:serviceaccount:{namespace}:web"
    assert token["aud"] == ["sts.amazonaws.com"]
    assert token["iss"] == world.issuer
    assert token["exp"] - token["iat"] == 3600
    assert token["kubernetes.io"]["pod"]["name"] == "with"

    skipped = make_pod(
        kubectl, namespace, "without", labels={"eks.amazonaws.com/skip-pod-identity-webhook": "true"}
    )
    assert names_of_env(skipped) == set()
    with pytest.raises(LookupError, match="no volume aws-iam-token"):
        pod_token(world.environ, namespace, "without")


def test_webhook_sees_a_role_that_was_named_just_now(kubectl: Kubectl, namespace: str) -> None:
    kubectl("create", "sa", "web", "-n", namespace)
    assert names_of_env(make_pod(kubectl, namespace, "before")) == set()
    kubectl("annotate", "sa", "web", "-n", namespace, f"eks.amazonaws.com/role-arn={ROLE}")
    assert "AWS_ROLE_ARN" in names_of_env(make_pod(kubectl, namespace, "after"))


def test_webhook_with_a_frozen_cache_knows_what_it_knew(
    kubectl: Kubectl, namespace: str, control: Control
) -> None:
    kubectl("create", "sa", "web", "-n", namespace)
    control.settings(webhook_cache="frozen")
    kubectl("annotate", "sa", "web", "-n", namespace, f"eks.amazonaws.com/role-arn={ROLE}")
    assert "AWS_ROLE_ARN" not in names_of_env(make_pod(kubectl, namespace, "stale"))
    control.settings(webhook_cache="fresh")
    assert "AWS_ROLE_ARN" in names_of_env(make_pod(kubectl, namespace, "fresh"))
    control.settings(webhook_cache="frozen")
    kubectl("annotate", "sa", "web", "-n", namespace, "eks.amazonaws.com/role-arn-")
    assert "AWS_ROLE_ARN" in names_of_env(make_pod(kubectl, namespace, "still"))


def test_webhook_sees_an_association_that_was_made_or_deleted_just_now(
    world: World, kubectl: Kubectl, aws: Aws, namespace: str
) -> None:
    kubectl("create", "sa", "web", "-n", namespace)
    kubectl("annotate", "sa", "web", "-n", namespace, f"eks.amazonaws.com/role-arn={ROLE}")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    role = aws("iam").create_role(RoleName=namespace, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    wanted = {"clusterName": world.cluster, "namespace": namespace, "serviceAccount": "web"}
    eks = aws("eks")
    made = eks.create_pod_identity_association(**wanted, roleArn=role)["association"]
    associated = make_pod(kubectl, namespace, "associated")
    assert "AWS_CONTAINER_CREDENTIALS_FULL_URI" in names_of_env(associated)
    assert "AWS_ROLE_ARN" not in names_of_env(associated)
    assert associated["metadata"]["labels"] == {"eks.amazonaws.com/pod-identity": "enabled"}
    eks.delete_pod_identity_association(clusterName=world.cluster, associationId=made["associationId"])
    assert "AWS_ROLE_ARN" in names_of_env(make_pod(kubectl, namespace, "annotated"))


def test_token_of_a_service_account_without_a_pod(world: World, kubectl: Kubectl, namespace: str) -> None:
    kubectl("create", "sa", "web", "-n", namespace)
    token = claims(service_account_token(world.environ, namespace, "web", audience="other", seconds=600))
    assert token["aud"] == ["other"]
    assert "pod" not in token["kubernetes.io"]
