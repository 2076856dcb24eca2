"""Policies that IAM lists, looks up and limits. The rest is in unit/runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from e2e.shop import S3, SQS, Json, Shop, aws_managed, entry_of
from pocket_eks.control import Control

from ansible_collections.iamsa.eks.plugins.module_utils.policy.attached_by_us import inline_digest

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]
OwnPolicy = Callable[..., str]


def document(action: str = "s3:GetObject") -> Json:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.fixture
def reader(tmp_path: Path) -> Path:
    """A policy file."""
    file = tmp_path / "reader.json"
    file.write_text(json.dumps(document()))
    return file


def test_by_arn_and_by_name_wherever_the_policy_lies(
    shop: Shop, own_policy: OwnPolicy, unique: Callable[[str], str], writes: Writes, control: Control
) -> None:
    by_arn, at_root, deep = unique("by-arn"), unique("at-root"), unique("deep")
    own_policy(at_root)
    own_policy(deep, path="/team/shop/")
    asked = [
        aws_managed(S3),
        own_policy(by_arn),
        at_root,
        deep,
        "AmazonEKSWorkerNodePolicy",
        "AWSLambdaBasicExecutionRole",  # AWS's own, under /service-role/
        "ViewOnlyAccess",  # AWS's own, under /job-function/
    ]
    shop.create(policies=asked)
    names = {S3, by_arn, at_root, deep, *asked[4:]}
    assert shop.attached() == names

    control.clear_calls()
    again = shop.create(policies=asked)
    assert "serviceaccount/shop unchanged" in again.stdout
    assert writes() == []
    looked_up = [call for call in control.calls() if "Polic" in call["action"]]
    assert [call["action"] for call in looked_up] == ["iam:ListAttachedRolePolicies"]


def test_a_path_needs_no_prefix(shop: Shop, reader: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(reader.parent)
    Path("writer.json").write_text(json.dumps(document("s3:PutObject")))
    shop.create(policies=["./reader.json", "writer.json"])
    assert shop.inline() == {"reader": document(), "writer": document("s3:PutObject")}


def test_purge_makes_the_set_exact_and_attaches_before_it_detaches(
    shop: Shop, reader: Path, writes: Writes, control: Control
) -> None:
    shop.create(policies=[S3, str(reader)])
    control.clear_calls()
    lines = shop.create("--purge", policies=[SQS]).stdout.splitlines()
    record = f"iamsa/policy/{inline_digest('reader')}"
    assert lines == [
        f"role/{shop.role_name} tagged with {entry_of(aws_managed(SQS))}",
        f"role/{shop.role_name} policy {SQS} attached",
        f"role/{shop.role_name} policy {S3} detached",
        f"role/{shop.role_name} inline policy reader deleted",
        f"role/{shop.role_name} tags {', '.join(sorted([entry_of(aws_managed(S3)), record]))} removed",
        shop.role_arn,
    ]
    changes = ["iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:DeleteRolePolicy"]
    assert writes() == ["iam:TagRole", *changes, "iam:UntagRole"]
    assert (shop.attached(), shop.inline()) == ({SQS}, {})
    control.clear_calls()
    assert "unchanged" in shop.create("--purge", policies=[SQS]).stdout
    assert writes() == []


def test_at_the_quota_purge_makes_room_first(
    shop: Shop, own_policy: OwnPolicy, writes: Writes, control: Control
) -> None:
    quota = shop.iam.get_account_summary()["SummaryMap"]["AttachedPoliciesPerRoleQuota"]
    full = [own_policy() for _ in range(quota)]
    shop.create(policies=full)
    control.clear_calls()
    refused = shop.create(code=1)
    assert f"AttachedPoliciesPerRole is {quota}" in refused.stderr
    assert writes() == []
    shop.create("--purge", policies=[S3, *full[1:]])
    changes = ["iam:DetachRolePolicy", "iam:AttachRolePolicy"]
    assert writes() == ["iam:TagRole", *changes, "iam:UntagRole"]
