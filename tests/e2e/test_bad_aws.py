"""An AWS side that cannot be used: one sentence that names what is in the way, no write, no secret."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from e2e.bad import Bad
from testbed.control import Control
from testbed.pki import make_pki
from testbed.world import World

NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}


@pytest.fixture
def bad(world: World, control: Control, tmp_path: Path) -> Bad:
    return Bad(world, control, tmp_path)


@pytest.fixture
def configured(tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    """`configured(text)`: the environment with that as AWS's configuration, and no keys in it."""

    def write(text: str) -> dict[str, Any]:
        path = tmp_path / "config"
        path.write_text(text)
        return {**NO_KEYS, "AWS_CONFIG_FILE": str(path)}

    return write


# Credentials and configuration


def test_no_credentials(bad: Bad) -> None:
    said = bad.create(environ=NO_KEYS)
    assert said == (
        "no AWS credentials were found for eks:DescribeCluster;"
        " give --profile, set AWS_PROFILE or AWS_ACCESS_KEY_ID, or log in"
    )


def test_half_of_the_credentials(bad: Bad) -> None:
    said = bad.create(environ={"AWS_SECRET_ACCESS_KEY": None})
    assert "AWS_SECRET_ACCESS_KEY" in said
    assert "; give --profile" in said


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "ExpiredToken",
            "the AWS credentials have expired (eks:DescribeCluster: ExpiredToken); log in again",
        ),
        ("UnrecognizedClientException", "AWS does not accept the credentials (eks:DescribeCluster: Unrec"),
        ("InvalidSignatureException", "AWS does not accept the credentials (eks:DescribeCluster: Invalid"),
        ("InvalidRequestException", "eks:DescribeCluster for cluster "),
    ],
)
def test_credentials_that_aws_does_not_take(bad: Bad, code: str, sentence: str) -> None:
    bad.control.fault("aws", "eks:DescribeCluster", {"error": code}, times=None)
    assert bad.create().startswith(sentence)


def test_an_unknown_profile_is_called_by_its_source(bad: Bad) -> None:
    remedy = "; see aws configure list-profiles, or give another --profile"
    says = " 'nobody' is not in the AWS configuration" + remedy
    assert bad.create("--profile", "nobody") == "--profile" + says
    assert bad.create(environ={"AWS_PROFILE": "nobody"}) == "AWS_PROFILE" + says

    def with_profile(config: Any) -> None:
        config["users"][0]["user"]["exec"]["env"] = [{"name": "AWS_PROFILE", "value": "nobody"}]

    said = bad.create(environ=bad.kubeconfig(with_profile))
    assert said == f"the profile that context {bad.world.cluster_arn} names,{says}"
    assert bad.control.calls() == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("no section\n", "Unable to parse config file"),
        ("[default]\nsource_profile = gone\nrole_arn = arn:aws:iam::123456789012:role/a\n", "gone"),
        ("[default]\ncredential_process = /no/such/program\n", "credential_process"),
        ("[default]\ncredential_process = echo SECRET\n", "credential_process"),
        (
            "[default]\nsso_session = s\nsso_account_id = 123456789012\nsso_role_name = r\n"
            "[sso-session s]\nsso_start_url = https://sso.invalid/start\nsso_region = eu-west-1\n",
            "aws sso login",
        ),
        (
            "[default]\nsso_start_url = https://sso.invalid/start\nsso_region = eu-west-1\n"
            "sso_account_id = 123456789012\nsso_role_name = r\n",
            "aws sso login",
        ),
    ],
)
def test_a_configuration_that_gives_no_credentials(
    bad: Bad, configured: Callable[[str], Any], text: str, sentence: str
) -> None:
    bad.secrets.append("SECRET")
    said = bad.create(environ={**configured(text), "HOME": str(bad.folder)})
    assert sentence in said
    assert "; " in said


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_malformed_region_of_the_environment(bad: Bad, name: str) -> None:
    words = ("--cluster-name", bad.world.cluster)
    none = {"KUBECONFIG": "/dev/null", "AWS_DEFAULT_REGION": None}
    said = bad.create(*words, environ={**none, name: "Mars!"})
    assert said == f"{name} 'Mars!' is not an AWS region; write one such as us-east-1"
    said = bad.create(*words, environ={**none, "HOME": "/nowhere"})
    assert said == "the AWS region is not known; give --region"


@pytest.mark.parametrize("url", ["not a url", "http://", "ftp://127.0.0.1", "http://127.0.0.1:1"])
def test_a_bad_endpoint(bad: Bad, url: str) -> None:
    said = bad.create("--timeout=3s", environ={"AWS_ENDPOINT_URL": url})
    assert bad.seconds < 6
    assert "AWS_ENDPOINT_URL" in said or said.startswith("gave up")


# The cluster


@pytest.mark.parametrize(
    ("cluster", "sentence"),
    [
        ({"status": "CREATING"}, "is CREATING; wait until it is ACTIVE"),
        ({"status": "DELETING"}, "is DELETING; choose another cluster"),
        ({"status": "FAILED"}, "is FAILED; choose another cluster"),
        ({"identity": None}, "has no OIDC issuer; roles for service accounts need one"),
        ({"identity": {}}, "has no OIDC issuer; roles for service accounts need one"),
        ({"certificateAuthority": {"data": "SECRET!"}}, "that is not base64"),
        ({"arn": "nonsense"}, "EKS sent a cluster ARN that is none"),
    ],
)
def test_a_cluster_that_cannot_be_worked_with(bad: Bad, cluster: Any, sentence: str) -> None:
    bad.secrets.append("SECRET")
    bad.control.settings(cluster=cluster)
    assert sentence in bad.create()


def test_a_cluster_that_is_absent(bad: Bad) -> None:
    said = bad.create("--cluster-name", "nowhere")
    assert said == (
        f"there is no EKS cluster nowhere in {bad.world.region} for these credentials;"
        " check --cluster-name, --region and --profile"
    )


def test_another_region(bad: Bad) -> None:
    said = bad.create("--region", "sa-east-1")
    assert said.startswith(
        f"there is no EKS cluster {bad.world.cluster} in sa-east-1 for these credentials; "
    )


def test_another_cluster_than_the_contexts(bad: Bad, tmp_path: Path) -> None:
    ca = base64.b64encode(make_pki(tmp_path / "pki").ca.read_bytes()).decode()
    bad.control.settings(clusters={"twin": {"certificateAuthority": {"data": ca}}})
    said = bad.create("--cluster-name", "twin")
    assert f"context {bad.world.cluster_arn} (https://" in said
    twin = bad.world.cluster_arn.replace(f"/{bad.world.cluster}", "/twin")
    assert (
        f"is not the EKS cluster {twin}: it has another issuer, {bad.world.issuer}; give the --context"
        in said
    )


def test_a_cluster_of_another_account(bad: Bad) -> None:
    arn = bad.world.cluster_arn.replace(bad.world.account, "210987654321")
    bad.control.settings(cluster={"arn": arn})
    said = bad.create()
    assert f"names account {bad.world.account}, but the AWS credentials found cluster" in said
    assert "in account 210987654321; give the --profile of the right account" in said


def test_nothing_but_the_name_and_no_credentials(bad: Bad) -> None:
    words = ("--cluster-name", bad.world.cluster, "--region", bad.world.region)
    said = bad.create(*words, environ={**NO_KEYS, "KUBECONFIG": "/dev/null"})
    assert said.startswith("no AWS credentials were found for eks:DescribeCluster; give --profile")


# Rights and limits

FIRST_READS = [
    *("eks:DescribeCluster", "iam:GetOpenIDConnectProvider", "iam:GetRole"),
    *("iam:ListAttachedRolePolicies", "iam:GetRolePolicy", "iam:GetPolicy"),
]
FIRST_WRITES = ["iam:CreateRole", "iam:AttachRolePolicy", "iam:PutRolePolicy"]
LATER_WRITES = [
    *("iam:TagRole", "iam:PutRolePermissionsBoundary", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole"),
    *("iam:DetachRolePolicy", "iam:DeleteRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePolicy"),
]


@pytest.fixture
def policy_file(tmp_path: Path) -> str:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    path = tmp_path / "reader.json"
    path.write_text(json.dumps({"Version": "2012-10-17", "Statement": statement}))
    return str(path)


@pytest.mark.parametrize("action", FIRST_READS)
def test_a_denied_read_is_named(bad: Bad, policy_file: str, action: str) -> None:
    bad.control.fault("aws", action, {"error": "AccessDenied"}, times=None)
    said = bad.create("-p", policy_file)
    assert said.startswith(f"AWS denied {action}")
    assert said.endswith(f"; have {action} allowed for these credentials")


@pytest.mark.parametrize("action", FIRST_WRITES)
def test_a_denied_first_write_is_named(bad: Bad, policy_file: str, action: str) -> None:
    bad.control.fault("aws", action, {"error": "AccessDenied"}, times=None)
    said = bad.create("-p", policy_file, writes=True)
    assert said.startswith(f"AWS denied {action}")
    assert said.endswith(f"; have {action} allowed for these credentials")
    written = {call["action"] for call in bad.control.calls() if call["write"] and call["status"] < 300}
    assert written < {*FIRST_WRITES}
    assert not any(action.startswith("kube:") for action in written)


@pytest.mark.parametrize("action", LATER_WRITES)
def test_a_denied_repair_is_named(bad: Bad, iam: Any, policy_file: str, action: str) -> None:
    name = f"sa-{uuid.uuid4().hex[:8]}"
    role = f"role-{name}"
    bad.create("-p", policy_file, "--role-name", role, name=name, code=0, writes=True)
    trust = {"Version": "2012-10-17", "Statement": []}
    statement = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.update_assume_role_policy(
        RoleName=role, PolicyDocument=json.dumps({**trust, "Statement": [statement]})
    )
    iam.put_role_policy(RoleName=role, PolicyName="old", PolicyDocument=Path(policy_file).read_text())
    own = iam.create_policy(PolicyName=role, PolicyDocument=Path(policy_file).read_text())["Policy"]["Arn"]
    bad.control.fault("aws", action, {"error": "AccessDenied"}, times=None)
    drift = ("--adopt", "--purge", "--tag", "a=b", "--permissions-boundary", own, "--description", "new")
    other = bad.folder / "writer.json"
    other.write_text(Path(policy_file).read_text())
    said = bad.create(
        *("-p", str(other), "--role-name", role, *drift),
        name=name,
        policy="AmazonSQSReadOnlyAccess",
        writes=True,
    )
    assert said.startswith(f"AWS denied {action}")
    assert said.endswith(f"; have {action} allowed for these credentials")


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("iam:ListPolicies", ("-p", "NoSuchPolicyAnywhere")),
        ("iam:ListRolePolicies", ("--purge",)),
        ("iam:AddClientIDToOpenIDConnectProvider", ("--audience", "other", "--create-oidc-provider")),
    ],
)
def test_what_only_some_flags_need_is_named_too(bad: Bad, action: str, words: tuple[str, ...]) -> None:
    bad.control.fault("aws", action, {"error": "AccessDenied"}, times=None)
    writes = action.startswith("iam:Add")
    assert bad.create(*words, writes=writes).startswith(f"AWS denied {action}")


@pytest.mark.parametrize("action", ["eks:DescribeCluster", "iam:GetRole"])
def test_throttling_for_ever_ends_with_the_time_limit(bad: Bad, action: str) -> None:
    bad.control.fault("aws", action, {"error": "Throttling"}, times=None)
    said = bad.create("--timeout=2s")
    assert bad.seconds < 4
    assert said.startswith("gave up ")
    assert said.endswith(" after 2 s; run the same command again, or give it longer with --timeout")


@pytest.mark.parametrize("upstream", ["aws", "kube"])
def test_a_server_that_hangs_ends_with_the_time_limit(bad: Bad, upstream: str) -> None:
    bad.control.fault(upstream, "*", {"hang": True}, times=None)
    said = bad.create("--timeout=2s")
    assert bad.seconds < 4
    assert "2 s" in said or "did not answer" in said


def test_the_api_server_denies_the_write_before_aws_is_touched(bad: Bad) -> None:
    bad.control.fault("kube", "kube:create:serviceaccounts", {"error": "Forbidden"}, times=None)
    assert "serviceaccount" in bad.create()
