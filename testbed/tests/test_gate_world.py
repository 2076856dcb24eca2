"""The gate in a whole world: kubectl on one side, boto3 on the other, a real token from one to the other."""

from __future__ import annotations

import json
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from pocket_eks.control import Control
from pocket_eks.world import World

Kubectl = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def aws(world: World) -> Callable[[str], Any]:
    """Clients of the world's AWS that try once."""

    def client(service: str) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=world.variables["AWS_ENDPOINT_URL"],
            region_name=world.region,
            aws_access_key_id=world.variables["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=world.variables["AWS_SECRET_ACCESS_KEY"],
            config=Config(retries={"total_max_attempts": 1}),
        )

    return client


@pytest.fixture
def role(world: World, aws: Callable[[str], Any], namespace: str) -> Iterator[str]:
    """The ARN of a role that trusts the namespace's ServiceAccount `shop`."""
    issuer = world.issuer.removeprefix("https://")
    subject = f"system:serviceaccount:{namespace}:shop"
    conditions = {f"{issuer}:sub": subject, f"{issuer}:aud": "sts.amazonaws.com"}
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": world.provider_arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": conditions},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    name = f"Shop-{uuid.uuid4().hex[:8]}"
    iam = aws("iam")
    yield iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.delete_role(RoleName=name)


def token(kubectl: Kubectl, namespace: str, service_account: str = "shop", *words: str) -> str:
    """A ServiceAccount's token, for STS unless said otherwise."""
    kubectl("create", "serviceaccount", service_account, "-n", namespace)
    audience = words or ("--audience", "sts.amazonaws.com")
    made = kubectl("create", "token", service_account, "-n", namespace, *audience)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def assume(aws: Callable[[str], Any], role: str, bearer: str) -> Any:
    return aws("sts").assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="test", WebIdentityToken=bearer
    )


def refused(aws: Callable[[str], Any], role: str, bearer: str) -> str:
    with pytest.raises(ClientError) as caught:
        assume(aws, role, bearer)
    return str(caught.value.response["Error"]["Code"])


def test_the_right_service_account_becomes_the_role(
    world: World, aws: Callable[[str], Any], kubectl: Kubectl, namespace: str, role: str
) -> None:
    keys = assume(aws, role, token(kubectl, namespace))["Credentials"]
    sts = boto3.client(
        "sts",
        endpoint_url=world.variables["AWS_ENDPOINT_URL"],
        region_name=world.region,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    name = role.rpartition("/")[2]
    assert sts.get_caller_identity()["Arn"] == f"arn:aws:sts::{world.account}:assumed-role/{name}/test"


def test_anybody_else_does_not(
    aws: Callable[[str], Any], kubectl: Kubectl, namespace: str, role: str
) -> None:
    assert refused(aws, role, token(kubectl, namespace, "other")) == "AccessDenied"
    kubernetes_own = token(kubectl, namespace, "shop", "--audience", "vault")
    assert refused(aws, role, kubernetes_own) == "InvalidIdentityToken"
    head, body, signature = token(kubectl, namespace).split(".")
    forged = signature[:-6] + ("AAAAAA" if not signature.endswith("AAAAAA") else "BBBBBB")
    assert refused(aws, role, f"{head}.{body}.{forged}") == "InvalidIdentityToken"


def test_a_provider_that_is_gone_is_not_found(
    world: World, aws: Callable[[str], Any], kubectl: Kubectl, namespace: str, role: str
) -> None:
    iam = aws("iam")
    bearer = token(kubectl, namespace)
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=world.provider_arn)
    try:
        assert refused(aws, role, bearer) == "InvalidIdentityToken"
    finally:
        iam.create_open_id_connect_provider(Url=world.issuer, ClientIDList=["sts.amazonaws.com"])
    assert assume(aws, role, bearer)


def test_what_kubectl_does_is_logged(kubectl: Kubectl, control: Control, namespace: str) -> None:
    control.clear_calls()
    kubectl("get", "serviceaccounts", "-n", namespace)
    kubectl("create", "serviceaccount", "a", "-n", namespace, "--dry-run=server")
    kubectl("create", "serviceaccount", "a", "-n", namespace)
    kubectl("annotate", "serviceaccount", "a", "-n", namespace, "x=y", "--dry-run=server")
    kubectl("annotate", "serviceaccount", "a", "-n", namespace, "x=y")
    kubectl("delete", "serviceaccount", "a", "-n", namespace, "--dry-run=server")
    kubectl("delete", "serviceaccount", "a", "-n", namespace, "--wait=false")
    kubectl("auth", "can-i", "create", "pods", "-n", namespace)
    actions = [call["action"] for call in control.calls()]
    assert "kube:list:serviceaccounts" in actions
    assert "kube:create:selfsubjectaccessreviews" in actions
    writes = [call["action"] for call in control.calls() if call["write"]]
    assert writes == [
        "kube:create:serviceaccounts",
        "kube:patch:serviceaccounts",
        "kube:delete:serviceaccounts",
    ]
    assert len([action for action in actions if action == "kube:create:serviceaccounts"]) == 2
    assert all(call["user_agent"].startswith("kubectl/") for call in control.calls())


def test_impersonation_passes(kubectl: Kubectl, namespace: str) -> None:
    told = kubectl("auth", "whoami", "--as", "jane", "--as-group", "devs", "-o", "json")
    assert json.loads(told.stdout)["status"]["userInfo"]["username"] == "jane"
    denied = kubectl("get", "secrets", "-n", namespace, "--as", "jane")
    assert denied.returncode == 1
    assert 'User "jane" cannot list' in denied.stderr


def test_kubectl_waits_through_the_gate(kubectl: Kubectl, namespace: str) -> None:
    kubectl("create", "configmap", "c", "-n", namespace)
    waiting: list[subprocess.CompletedProcess[str]] = []

    def wait() -> None:
        path = "--for=jsonpath={.data.ready}=yes"
        waiting.append(kubectl("wait", "configmap/c", path, "-n", namespace, "--timeout=20s"))

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.3)
    kubectl("patch", "configmap", "c", "-n", namespace, "-p", '{"data":{"ready":"yes"}}')
    thread.join(25)
    assert waiting
    assert waiting[0].returncode == 0, waiting[0].stderr


@pytest.mark.parametrize(
    ("effect", "part"),
    [
        ({"error": "Forbidden", "message": "not you"}, "not you"),
        ({"error": "InternalError"}, "InternalError"),
        ({"status": 503}, "currently unable to handle the request"),
        ({"drop": "before"}, "EOF"),
        ({"drop": "after"}, "EOF"),
    ],
    ids=str,
)
def test_faults_as_kubectl_sees_them(
    kubectl: Kubectl, control: Control, namespace: str, effect: dict[str, Any], part: str
) -> None:
    name = f"c-{uuid.uuid4().hex[:6]}"
    control.fault("kube", "kube:create:configmaps", effect, times=None)
    made = kubectl("create", "configmap", name, "-n", namespace)
    assert made.returncode != 0
    assert part in made.stderr
    control.clear_faults()
    there = kubectl("get", "configmap", name, "-n", namespace).returncode == 0
    assert there is (effect == {"drop": "after"})


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_kubectl_that_is_killed_while_its_call_is_held(
    world: World, kubectl: Kubectl, control: Control, namespace: str, point: str
) -> None:
    control.fault("kube", "kube:create:configmaps", {"hold": point})
    argv = ["kubectl", "create", "configmap", "held", "-n", namespace]
    process = subprocess.Popen(argv, env=world.environ, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while not control.held():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.kill()
    process.wait()
    control.release()
    there = kubectl("get", "configmap", "held", "-n", namespace).returncode == 0
    assert there is (point == "after")
    assert control.held() == []


def test_the_clusters_ca_and_endpoint_are_those_that_kubectl_uses(
    world: World, aws: Callable[[str], Any], kubectl: Kubectl
) -> None:
    cluster = aws("eks").describe_cluster(name=world.cluster)["cluster"]
    told = kubectl("config", "view", "--minify", "--raw", "-o", "json")
    section = json.loads(told.stdout)["clusters"][0]["cluster"]
    assert section["server"] == cluster["endpoint"]
    assert section["certificate-authority-data"] == cluster["certificateAuthority"]["data"]
    assert cluster["version"] == "1.35"
