"""Fixtures for tests that run the real `kubectl iamsa` in a world."""

from __future__ import annotations

import json
import subprocess
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from e2e.shop import Shop
from testbed.control import Control
from testbed.world import World

Kubectl = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def kubectl(world: World) -> Kubectl:
    """`kubectl(*words, stdin="")` past the gate: neither logged, nor broken, nor slowed down by a test."""
    environ = {**world.environ, "KUBECONFIG": str(world.directory / "kubeconfig-admin")}

    def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["kubectl", *words], env=environ, input=stdin, capture_output=True, text=True, check=False
        )

    return run


@pytest.fixture
def shop(
    world: World,
    namespace: str,
    iam: Any,
    iamsa: Callable[..., Any],
    kubectl: Kubectl,
    control: Control,
) -> Shop:
    """The ServiceAccount `shop` of a fresh namespace; the call log begins empty."""
    shop = Shop(world, namespace, iam, iamsa, kubectl)
    control.clear_calls()
    return shop


@pytest.fixture
def made(shop: Shop, control: Control) -> Shop:
    """The same, after a first `create`; the call log begins empty."""
    shop.create()
    control.clear_calls()
    return shop


@pytest.fixture
def unique() -> Callable[[str], str]:
    """`unique("reader")`: a name that no other test uses."""
    return lambda stem: f"{stem}-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def own_policy(iam: Any, unique: Callable[[str], str]) -> Callable[..., str]:
    """`own_policy("reader", path="/team/")`: the ARN of a new customer-managed policy, by default of a name
    that no other test uses."""

    def make(name: str | None = None, path: str = "/") -> str:
        statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        made = iam.create_policy(PolicyName=name or unique("own"), Path=path, PolicyDocument=document)
        return str(made["Policy"]["Arn"])

    return make


@pytest.fixture
def boundary(own_policy: Callable[..., str]) -> str:
    """The ARN of a customer-managed policy."""
    return own_policy()


@pytest.fixture
def provider(world: World, iam: Any) -> Iterator[str]:
    """The ARN of the cluster's OIDC provider, which a test may change or delete: it is put back."""
    arn = world.provider_arn
    yield arn
    listed = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    if any(one["Arn"] == arn for one in listed):
        iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    iam.create_open_id_connect_provider(Url=world.issuer, ClientIDList=["sts.amazonaws.com"])
