"""Repairs whose order or form only the servers know. The rest is in unit/runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from e2e.shop import MARKER, S3, SQS, Shop, aws_managed

pytestmark = pytest.mark.warm


def without_policy(shop: Shop) -> None:
    shop.iam.detach_role_policy(RoleName=shop.role_name, PolicyArn=aws_managed(S3))


def test_a_deleted_role_is_made_again_and_the_service_account_is_left_as_it_is(made: Shop) -> None:
    role, service_account = made.role(), made.service_account()
    without_policy(made)
    made.iam.delete_role(RoleName=made.role_name)
    assert made.create().stdout.splitlines() == [
        f"role/{made.role_name} created",
        f"role/{made.role_name} policy {S3} attached",
        made.role_arn,
    ]
    assert (made.role(), made.service_account()) == (role, service_account)


def test_a_changed_inline_policy_is_repaired(shop: Shop, tmp_path: Any) -> None:
    file = tmp_path / "reader.json"
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}],
    }
    file.write_text(json.dumps(document, indent=8))
    shop.create(policies=[str(file)])
    other = json.dumps({**document, "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]})
    shop.iam.put_role_policy(RoleName=shop.role_name, PolicyName="reader", PolicyDocument=other)
    done = shop.create(policies=[str(file)])
    assert done.stdout.splitlines() == [
        f"role/{shop.role_name} inline policy reader updated",
        shop.role_arn,
    ]
    assert shop.inline() == {"reader": document}
    # Written otherwise but saying the same is no drift.
    same = {
        "Version": "2012-10-17",
        "Statement": {"Resource": ["*"], "Action": "s3:GetObject", "Effect": "Allow"},
    }
    shop.iam.put_role_policy(RoleName=shop.role_name, PolicyName="reader", PolicyDocument=json.dumps(same))
    assert "serviceaccount/shop unchanged" in shop.create(policies=[str(file)]).stdout


def test_a_boundary_that_went_missing_is_restored_before_anything_else(
    shop: Shop, boundary: str, writes: Callable[[], list[str]], control: Any
) -> None:
    shop.create("--permissions-boundary", boundary)
    shop.iam.delete_role_permissions_boundary(RoleName=shop.role_name)
    without_policy(shop)
    control.clear_calls()
    done = shop.create()  # without the flag
    assert f"role/{shop.role_name} permissions boundary {boundary} restored" in done.stdout.splitlines()
    assert writes()[0] == "iam:PutRolePermissionsBoundary"
    assert shop.attached() == {S3}
    role = shop.role()
    assert role
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary


def test_a_role_that_iamsa_made_and_the_marker_are_all_it_takes_back_of_other_changes(made: Shop) -> None:
    """What others add beside ours stays: tags, annotations, labels, policies."""
    made.iam.tag_role(RoleName=made.role_name, Tags=[{"Key": "cost-centre", "Value": "7"}])
    made.iam.attach_role_policy(RoleName=made.role_name, PolicyArn=aws_managed(SQS))
    made.annotate("example.com/owner=me")
    made.ok("label", "serviceaccount", "shop", "-n", made.namespace, "app=shop")
    before = made.role(), made.service_account(), made.attached()
    assert "serviceaccount/shop unchanged" in made.create().stdout
    assert (made.role(), made.service_account(), made.attached()) == before
    assert MARKER in made.annotations()
