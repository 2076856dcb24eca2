"""The proof: a pod under the ServiceAccount becomes the role, and nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from e2e.shop import Shop, environment_of
from pocket_eks.pods import pod_token, service_account_token
from pocket_eks.world import World

Assume = Callable[[str, str], Any]


@pytest.fixture
def assume(aws: Callable[..., Any]) -> Assume:
    """`assume(role_arn, token)` as an SDK in a pod does it; the credentials, or ClientError."""
    sts = aws("sts", config=Config(signature_version=UNSIGNED))
    return lambda role, token: sts.assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="test", WebIdentityToken=token
    )["Credentials"]


def refused(assume: Assume, role: str, token: str) -> str:
    with pytest.raises(ClientError) as caught:
        assume(role, token)
    return str(caught.value.response["Error"]["Code"])


def test_a_pod_is_told_its_role_and_takes_it(
    made: Shop, assume: Assume, world: World, aws: Callable[..., Any]
) -> None:
    variables = environment_of(made.start_pod())
    assert variables["AWS_ROLE_ARN"] == made.role_arn
    assert variables["AWS_WEB_IDENTITY_TOKEN_FILE"].startswith("/var/run/secrets/eks.amazonaws.com/")

    found = assume(made.role_arn, pod_token(world.environ, made.namespace, "app"))
    sts = aws(
        "sts",
        aws_access_key_id=found["AccessKeyId"],
        aws_secret_access_key=found["SecretAccessKey"],
        aws_session_token=found["SessionToken"],
    )
    assert sts.get_caller_identity()["Arn"].endswith(f"assumed-role/{made.role_name}/test")


def test_nobody_else_becomes_the_role(made: Shop, assume: Assume, world: World) -> None:
    made.ok("create", "serviceaccount", "thief", "-n", made.namespace)
    thief = service_account_token(world.environ, made.namespace, "thief")
    assert refused(assume, made.role_arn, thief) == "AccessDenied"

    namesake = f"shop-{made.namespace}"
    made.ok("create", "namespace", namesake)
    made.ok("create", "serviceaccount", "shop", "-n", namesake)
    abroad = service_account_token(world.environ, namesake, "shop")
    made.ok("delete", "namespace", namesake, "--wait=false")
    assert refused(assume, made.role_arn, abroad) == "AccessDenied"


def test_a_token_for_another_audience_is_not_accepted(made: Shop, assume: Assume, world: World) -> None:
    token = service_account_token(world.environ, made.namespace, "shop", audience="vault")
    assert refused(assume, made.role_arn, token) == "InvalidIdentityToken"


@pytest.mark.usefixtures("provider")
def test_with_an_audience_of_its_own_only_tokens_for_that_one_are_accepted(
    shop: Shop, assume: Assume, world: World
) -> None:
    shop.create("--audience", "bank", "--create-oidc-provider")
    pod = shop.start_pod()
    assert environment_of(pod)["AWS_ROLE_ARN"] == shop.role_arn
    assert assume(shop.role_arn, pod_token(world.environ, shop.namespace, "app"))
    usual = service_account_token(world.environ, shop.namespace, "shop")
    assert refused(assume, shop.role_arn, usual) == "AccessDenied"
