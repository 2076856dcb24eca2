"""Rights that are missing, for each action that create uses, and servers that never answer."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from e2e.bad import Bad
from pocket_eks.control import Control
from pocket_eks.world import World


@pytest.fixture
def bad(world: World, control: Control, tmp_path: Path) -> Bad:
    return Bad(world, control, tmp_path)


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
    assert f"; allow {action}, for example with https://" in said


@pytest.mark.parametrize("action", FIRST_WRITES)
def test_a_denied_first_write_is_named(bad: Bad, policy_file: str, action: str) -> None:
    bad.control.fault("aws", action, {"error": "AccessDenied"}, times=None)
    said = bad.create("-p", policy_file, writes=True)
    assert said.startswith(f"AWS denied {action}")
    assert f"; allow {action}, for example with https://" in said
    written = {call["action"] for call in bad.control.calls() if call["write"] and call["status"] < 300}
    # What was recorded of a policy that was not written is taken back.
    assert written < {*FIRST_WRITES, "iam:UntagRole"}
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
    assert f"; allow {action}, for example with https://" in said


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
    assert bad.seconds < 9
    assert said.startswith("timed out after 2 s ")
    assert said.endswith("; run the same command again, or allow more time with --timeout")


@pytest.mark.parametrize("upstream", ["aws", "kube"])
def test_a_server_that_hangs_ends_with_the_time_limit(bad: Bad, upstream: str) -> None:
    bad.control.fault(upstream, "*", {"hang": True}, times=None)
    said = bad.create("--timeout=2s")
    assert bad.seconds < 9
    assert "2 s" in said or "did not respond" in said


def test_the_api_server_denies_the_write_before_aws_is_touched(bad: Bad) -> None:
    bad.control.fault("kube", "kube:create:serviceaccounts", {"error": "Forbidden"}, times=None)
    assert "serviceaccount" in bad.create()
