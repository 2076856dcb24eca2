"""What has drifted from what iamsa made is repaired by the same command, each repair a printed step."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from e2e.shop import MARKER, ROLE_ARN, S3, SQS, Shop, aws_managed, undated

pytestmark = pytest.mark.warm

Drift = Callable[[Shop], object]


def other_action(shop: Shop) -> None:
    shop.set_trust({**shop.statement(), "Action": "sts:AssumeRole"})


def other_audience(shop: Shop) -> None:
    shop.set_trust(shop.statement(audience="vault"))


def no_audience(shop: Shop) -> None:
    statement = shop.statement()
    conditions = statement["Condition"]["StringEquals"]
    statement["Condition"]["StringEquals"] = {key: conditions[key] for key in conditions if "sub" in key}
    shop.set_trust(statement)


def twice_the_statement(shop: Shop) -> None:
    shop.set_trust(shop.statement(), {**shop.statement(), "Sid": "Again"})


@pytest.mark.parametrize(
    "drift",
    [other_action, other_audience, no_audience, twice_the_statement],
)
def test_our_trust_statement_is_made_exact_again(
    made: Shop, drift: Drift, writes: Callable[[], list[str]]
) -> None:
    drift(made)
    done = made.create()
    assert f"role/{made.role_name} trust policy repaired" in done.stdout.splitlines()
    assert made.trust() == [made.statement()]
    assert writes()[-1] == "iam:UpdateAssumeRolePolicy"


def without_tag(shop: Shop) -> None:
    shop.iam.untag_role(RoleName=shop.role_name, TagKeys=["iamsa/manager"])


def without_policy(shop: Shop) -> None:
    shop.iam.detach_role_policy(RoleName=shop.role_name, PolicyArn=aws_managed(S3))


def without_annotation(shop: Shop) -> None:
    shop.annotate(f"{ROLE_ARN}-")


@pytest.mark.parametrize(
    ("drift", "line"),
    [
        (without_tag, "role/{role} tagged with iamsa/manager"),
        (without_annotation, "serviceaccount/shop annotated"),
    ],
)
def test_what_was_taken_away_is_put_back(made: Shop, drift: Drift, line: str) -> None:
    role, annotations = made.role(), made.annotations()
    drift(made)
    done = made.create()
    assert done.stdout.splitlines() == [line.format(role=made.role_name), made.role_arn]
    assert (made.role(), made.annotations(), made.attached()) == (role, annotations, {S3})


def test_a_policy_that_was_taken_away_is_put_back_and_recorded_again(made: Shop) -> None:
    role = made.role()
    assert role
    without_policy(made)
    assert f"role/{made.role_name} policy {S3} attached" in made.create().stdout.splitlines()
    assert made.attached() == {S3}
    now = made.role()
    assert now
    assert undated(now) == undated(role)


def test_a_deleted_service_account_is_made_again(made: Shop) -> None:
    annotations = made.annotations()
    made.ok("delete", "serviceaccount", "shop", "-n", made.namespace)
    assert made.create().stdout.splitlines() == ["serviceaccount/shop created", made.role_arn]
    assert made.annotations() == annotations


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
        f"role/{shop.role_name} inline policy reader repaired",
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


def test_a_boundary_is_replaced_only_when_another_is_named(shop: Shop, boundary: str) -> None:
    shop.create("--permissions-boundary", aws_managed(SQS))
    assert "unchanged" in shop.create().stdout
    role = shop.role()
    assert role
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == aws_managed(SQS)
    done = shop.create("--permissions-boundary", boundary)
    assert done.stdout.splitlines() == [
        f"role/{shop.role_name} permissions boundary {boundary} set",
        f"role/{shop.role_name} tagged with iamsa/permissions-boundary",
        shop.role_arn,
    ]


def test_settings_change_when_they_are_given_again_and_only_then(shop: Shop) -> None:
    shop.create("--description", "reads", "--max-session-duration", "2h", "--tag", "team=a")
    assert "serviceaccount/shop unchanged" in shop.create().stdout
    again = shop.create("--description", "writes", "--tag", "team=b")
    assert again.stdout.splitlines() == [
        f"role/{shop.role_name} description set",
        f"role/{shop.role_name} tagged with team",
        shop.role_arn,
    ]
    longer = shop.create("--max-session-duration", "3h")
    assert longer.stdout.splitlines()[0] == f"role/{shop.role_name} max session duration set"
    role = shop.role()
    assert role
    assert (role["Description"], role["MaxSessionDuration"], role["Tags"]["team"]) == ("writes", 10800, "b")


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
