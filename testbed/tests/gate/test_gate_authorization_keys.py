"""The condition keys of each call, and the actions that a call implies."""

from __future__ import annotations

import pytest
from gate.authorized import BOUNDARY, NEW, ROLE, S3, TAGS, allow, denied, policy
from gate.bench import ADMIN, PROVIDER, Bench, Json, short

pytestmark = pytest.mark.usefixtures("bounded_role")

THERE = {"RoleName": "authorized"}
TAGGED = {**NEW, "Tags": TAGS}
INLINE = {**THERE, "PolicyName": "p", "PolicyDocument": "{}"}
TRUST = {**THERE, "PolicyDocument": "{}"}
EQUALS, ANY, NULL = "StringEquals", "ForAnyValue:StringEquals", "Null"
BOUNDED = {EQUALS: {"iam:PermissionsBoundary": BOUNDARY}}
NOT_BOUNDED = {NULL: {"iam:PermissionsBoundary": "true"}}
POLICY = {**THERE, "PolicyArn": S3}


def held(bench: Bench, action: str, params: Json, condition: Json) -> bool:
    """Whether the condition held for the call, which is never carried out."""
    statement = {"Effect": "Deny", "Action": action, "Resource": "*", "Condition": condition}
    bench.control.settings(policy=policy(statement))
    return "explicit deny" in denied(bench, action, params)


@pytest.mark.parametrize(
    ("action", "params", "condition"),
    [
        ("iam:CreateRole", TAGGED, {EQUALS: {"aws:RequestTag/team": "web"}}),
        ("iam:CreateRole", TAGGED, {EQUALS: {"aws:ResourceTag/team": "web"}}),
        ("iam:CreateRole", TAGGED, {NULL: {"iam:ResourceTag/team": "true"}}),
        ("iam:CreateRole", TAGGED, {ANY: {"aws:TagKeys": "team"}}),
        ("iam:CreateRole", NEW, {NULL: {"aws:TagKeys": "true", "aws:RequestTag/team": "true"}}),
        ("iam:CreateRole", {**NEW, "PermissionsBoundary": BOUNDARY}, BOUNDED),
        ("iam:CreateRole", NEW, NOT_BOUNDED),
        ("iam:TagRole", {**THERE, "Tags": TAGS}, {EQUALS: {"aws:RequestTag/team": "web"}}),
        (
            "iam:TagRole",
            {**THERE, "Tags": [{"Key": "a", "Value": "b"}]},
            {EQUALS: {"aws:ResourceTag/team": "web"}, NULL: {"aws:ResourceTag/a": "true"}},
        ),
        ("iam:UntagRole", {**THERE, "TagKeys": ["x", "team"]}, {ANY: {"aws:TagKeys": "team"}}),
        ("iam:GetRole", THERE, {EQUALS: {"aws:ResourceTag/team": "web", "iam:ResourceTag/team": "web"}}),
        ("iam:GetRole", {"RoleName": "missing"}, {NULL: {"aws:ResourceTag/team": "true"}}),
        ("iam:GetRole", THERE, NOT_BOUNDED),
        ("iam:AttachRolePolicy", POLICY, {**BOUNDED, "ArnLike": {"iam:PolicyARN": S3}}),
        ("iam:DetachRolePolicy", POLICY, {**BOUNDED, "ArnLike": {"iam:PolicyARN": S3}}),
        ("iam:PutRolePolicy", INLINE, BOUNDED),
        ("iam:DeleteRolePolicy", {**THERE, "PolicyName": "p"}, BOUNDED),
        ("iam:DeleteRole", THERE, BOUNDED),
        ("iam:UpdateRole", THERE, BOUNDED),
        ("iam:UpdateAssumeRolePolicy", TRUST, BOUNDED),
        ("iam:DeleteRolePermissionsBoundary", THERE, BOUNDED),
        (
            "iam:PutRolePermissionsBoundary",
            {**THERE, "PermissionsBoundary": S3},
            {EQUALS: {"iam:PermissionsBoundary": S3}},
        ),
        ("iam:TagRole", {**THERE, "Tags": TAGS}, NOT_BOUNDED),
        ("iam:UntagRole", {**THERE, "TagKeys": ["x"]}, NOT_BOUNDED),
        ("iam:GetPolicy", {"PolicyArn": BOUNDARY}, {EQUALS: {"aws:ResourceTag/team": "web"}}),
        ("iam:GetPolicy", {"PolicyArn": BOUNDARY}, {NULL: {"iam:PolicyARN": "true"}}),
        (
            "iam:CreatePolicy",
            {"PolicyName": "p", "PolicyDocument": "{}", "Tags": TAGS},
            {EQUALS: {"aws:RequestTag/team": "web", "aws:ResourceTag/team": "web"}},
        ),
        (
            "iam:CreateOpenIDConnectProvider",
            {"Url": "https://a", "Tags": TAGS},
            {EQUALS: {"aws:RequestTag/team": "web"}},
        ),
        (
            "iam:AddClientIDToOpenIDConnectProvider",
            {"OpenIDConnectProviderArn": PROVIDER, "ClientID": "x"},
            {NULL: {"aws:ResourceTag/team": "true"}},
        ),
        (
            "iam:TagOpenIDConnectProvider",
            {"OpenIDConnectProviderArn": PROVIDER, "Tags": TAGS},
            {EQUALS: {"aws:RequestTag/team": "web"}},
        ),
        (
            "iam:UntagOpenIDConnectProvider",
            {"OpenIDConnectProviderArn": PROVIDER, "TagKeys": ["team"]},
            {"ForAllValues:StringEquals": {"aws:TagKeys": "team"}, NULL: {"aws:TagKeys": "false"}},
        ),
        (
            "sts:AssumeRole",
            {"RoleArn": ROLE, "RoleSessionName": "me"},
            {EQUALS: {"aws:ResourceTag/team": "web"}},
        ),
    ],
    ids=short,
)
def test_a_key_that_a_call_has(bench: Bench, action: str, params: Json, condition: Json) -> None:
    assert held(bench, action, params, condition)


@pytest.mark.parametrize(
    ("action", "params", "condition"),
    [
        ("iam:CreateRole", TAGGED, {EQUALS: {"aws:RequestTag/team": "shop"}}),
        ("iam:CreateRole", NEW, BOUNDED),
        ("iam:AttachRolePolicy", POLICY, {EQUALS: {"iam:PolicyARN": BOUNDARY}}),
        ("iam:PutRolePermissionsBoundary", {**THERE, "PermissionsBoundary": S3}, BOUNDED),
        ("iam:TagRole", {**THERE, "Tags": TAGS}, {EQUALS: {"aws:ResourceTag/team": "shop"}}),
        ("iam:GetPolicy", {"PolicyArn": S3}, {EQUALS: {"aws:ResourceTag/team": "web"}}),
        (
            "sts:AssumeRole",
            {"RoleArn": f"{ROLE}x", "RoleSessionName": "me"},
            {NULL: {"aws:TagKeys": "false"}},
        ),
    ],
    ids=short,
)
def test_a_key_that_a_call_has_otherwise(bench: Bench, action: str, params: Json, condition: Json) -> None:
    assert not held(bench, action, params, condition)


def test_the_tags_of_a_cluster_are_a_resource_s(bench: Bench) -> None:
    condition = {EQUALS: {"aws:ResourceTag/team": "web"}}
    assert not held(bench, "eks:DescribeCluster", {"name": "demo"}, condition)
    bench.control.settings(cluster={"tags": {"team": "web"}})
    assert held(bench, "eks:DescribeCluster", {"name": "demo"}, condition)


@pytest.mark.parametrize(
    ("action", "params", "implied"),
    [
        ("iam:CreateRole", NEW, "iam:TagRole"),
        (
            "iam:CreateOpenIDConnectProvider",
            {"Url": "https://issuer/x"},
            "iam:TagOpenIDConnectProvider",
        ),
        ("iam:CreatePolicy", {"PolicyName": "p", "PolicyDocument": "{}"}, "iam:TagPolicy"),
    ],
)
def test_to_create_with_tags_needs_the_right_to_tag(
    bench: Bench, action: str, params: Json, implied: str
) -> None:
    bench.control.settings(policy=policy(allow(action)))
    assert f" perform: {implied} on resource: arn:" in denied(bench, action, {**params, "Tags": TAGS})


def test_to_create_without_tags_does_not(bench: Bench) -> None:
    bench.control.settings(policy=policy(allow("iam:CreateRole")))
    bench.aws("iam").create_role(**NEW)
    bench.aws("iam", key=ADMIN).delete_role(RoleName="new")


def test_the_right_to_tag_what_one_creates_may_ask_for_the_tags(bench: Bench) -> None:
    condition = {EQUALS: {"aws:ResourceTag/team": "web"}}
    bench.control.settings(policy=policy(allow("iam:CreateRole"), allow("iam:TagRole", Condition=condition)))
    bench.aws("iam").create_role(**TAGGED)
    bench.aws("iam", key=ADMIN).delete_role(RoleName="new")
