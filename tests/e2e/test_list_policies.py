"""`kubectl iamsa list NAME`: the policies of one ServiceAccount's role; more in unit/runs/test_list.py."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from e2e.shop import S3, SQS, Done, Shop, aws_managed
from pocket_eks.control import Control

pytestmark = pytest.mark.warm


@pytest.fixture
def stocked(shop: Shop, tmp_path: Path) -> Shop:
    """With two managed policies and an inline one."""
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    file = tmp_path / "reader.json"
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    shop.create(policies=(S3, SQS, str(file)))
    return shop


def policies(shop: Shop, *words: str, code: int = 0) -> Done:
    return shop.iamsa("list", "shop", "-n", shop.namespace, *words, code=code)


def test_managed_policies_come_first_then_inline_ones(stocked: Shop) -> None:
    lines = [line.split() for line in policies(stocked).stdout.splitlines()]
    assert lines == [
        ["NAME", "KIND", "ARN"],
        [S3, "managed", aws_managed(S3)],
        [SQS, "managed", aws_managed(SQS)],
        ["reader", "inline", "<none>"],
    ]


def test_it_takes_four_aws_calls(made: Shop, control: Control) -> None:
    policies(made)
    assert sorted(call["action"] for call in control.calls() if call["upstream"] == "aws") == [
        "eks:DescribeCluster",
        "iam:GetRole",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
    ]
