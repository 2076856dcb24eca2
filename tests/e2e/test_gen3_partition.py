"""The form of gen3 iam-serviceaccount in China, where gen3 wrote ARNs that cannot be right."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import boto3
import program
import pytest
from e2e.shop import ROLE_ARN, S3
from pocket_eks.blueprint import Settings
from pocket_eks.world import World, open_world


@pytest.fixture
def china() -> Iterator[World]:
    """A world of its own."""
    with open_world(Settings(partition="aws-cn", region="cn-north-1", path=(program.folder(),))) as (
        world,
        _,
    ):
        yield world


def test_the_partition_is_never_hard_coded(china: World) -> None:
    variables = china.variables
    environ = {**china.environ, "KUBECONFIG": variables["WORLD_KUBECONFIG_NARROW"]}

    def kubectl(*words: str) -> str:
        done = subprocess.run(["kubectl", *words], env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = ("--cluster-name", china.cluster, "--region", china.region)
    assert kubectl("iamsa", "-c", "app", "-p", S3, "-n", "narrow", *where) == "demo-app-role\n"

    iam = boto3.client(
        "iam",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        region_name=china.region,
        aws_access_key_id=variables["WORLD_ADMIN_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["WORLD_ADMIN_SECRET_ACCESS_KEY"],
    )
    role = iam.get_role(RoleName="demo-app-role")["Role"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    attached = iam.list_attached_role_policies(RoleName="demo-app-role")["AttachedPolicies"]
    service_account = json.loads(kubectl("get", "sa", "app", "-n", "narrow", "-o", "json"))
    assert role["Arn"] == f"arn:aws-cn:iam::{china.account}:role/demo-app-role"
    assert service_account["metadata"]["annotations"][ROLE_ARN] == role["Arn"]
    assert statement["Principal"] == {"Federated": china.provider_arn}
    assert china.provider_arn.startswith("arn:aws-cn:")
    assert [policy["PolicyArn"] for policy in attached] == [f"arn:aws-cn:iam::aws:policy/{S3}"]
