"""A policy in force: what is judged, what is exempt, and how a refusal reads."""

from __future__ import annotations

import re

import pytest
from gate.authorized import IAM, NEW, ROLE, S3, TAGS, allow, call, denied, policy
from gate.bench import ACCOUNT, ADMIN, PROVIDER, Bench, Json, refusal, short
from pocket_eks.gate.aws_calls import access_key
from pocket_eks.gate.message import Request
from pocket_eks.pytest_plugin import on_moto

USER = f"arn:aws:iam::{ACCOUNT}:user/moto"
CLUSTER = f"arn:aws:eks:us-east-1:{ACCOUNT}:cluster/demo"

pytestmark = pytest.mark.usefixtures("bounded_role")


def test_a_refusal_reads_as_aws_s(bench: Bench) -> None:
    bench.control.settings(policy=policy(allow("iam:ListRoles")))
    told = denied(bench, "iam:GetRole", {"RoleName": "authorized"})
    number = told.rpartition(" ")[2]
    assert told == (
        f"User: {USER} is not authorized to perform: iam:GetRole on resource: role authorized "
        "because no identity-based policy allows the iam:GetRole action. Go to https://us-east-1.console.aws."
        f"amazon.com/iam/home?region=us-east-1#/authorization-details/{number} for complete details, or call "
        f"the GetRequestAuthorizationDetails API with the following authorization id: {number}"
    )


def test_an_explicit_deny_is_told_as_such(bench: Bench) -> None:
    deny = {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
    bench.control.settings(policy=policy(allow("*"), deny))
    assert denied(bench, "iam:GetRole", {"RoleName": "authorized"}) == (
        f"User: {USER} is not authorized to perform: iam:GetRole on resource: role authorized "
        f"with an explicit deny in an identity-based policy: {IAM}:policy/moto"
    )


def test_what_is_allowed_goes_through_and_without_a_policy_everything_is(bench: Bench) -> None:
    bench.control.settings(policy=policy(allow("iam:GetRole", Resource=ROLE)))
    found = call(bench, "iam:GetRole", {"RoleName": "authorized"})["Role"]
    assert found["Arn"] == ROLE
    denied(bench, "iam:ListRoles", {})
    bench.control.settings(policy=None)
    assert call(bench, "iam:ListRoles", {})["Roles"]


def test_a_denied_call_is_logged_and_reaches_nothing(bench: Bench) -> None:
    bench.control.settings(policy=policy(allow("sts:*")))
    bench.control.clear_calls()
    denied(bench, "iam:CreateRole", NEW)
    (logged,) = bench.control.calls()
    assert (logged["action"], logged["write"]) == ("iam:CreateRole", True)
    assert (logged["status"], logged["reached"]) == (403, False)
    bench.control.settings(policy=None)
    assert refusal(lambda: call(bench, "iam:GetRole", {"RoleName": "new"}))[0] == "NoSuchEntity"


def test_a_fault_comes_before_the_policy(bench: Bench) -> None:
    bench.control.settings(policy=policy(allow("sts:*")))
    bench.control.fault("aws", "iam:GetRole", {"error": "Throttling"})
    assert refusal(lambda: call(bench, "iam:GetRole", {"RoleName": "authorized"}))[0] == "Throttling"


def test_the_administrator_is_never_judged(bench: Bench) -> None:
    bench.control.settings(policy=policy({"Effect": "Deny", "Action": "*", "Resource": "*"}))
    found = call(bench, "iam:GetRole", {"RoleName": "authorized"}, key=ADMIN)
    assert found["Role"]["Arn"] == ROLE


def test_a_key_that_nobody_knows_is_judged_as_the_user_s(bench: Bench) -> None:
    bench.control.settings(policy=policy(allow("sts:*")))
    told = refusal(lambda: call(bench, "iam:ListRoles", {}, key="another"))
    assert told[0] == "AccessDenied"


def test_a_presigned_call_is_signed_by_the_key_in_its_query() -> None:
    target = b"/?Action=GetCallerIdentity&X-Amz-Credential=KEY%2F20250101%2Fus-east-1%2Fsts%2Faws4_request"
    assert access_key(Request("GET", "/", target, [], b"")) == "KEY"
    assert access_key(Request("GET", "/", b"/", [], b"")) == ""


@on_moto
def test_a_simulation_is_judged_by_the_role_that_it_is_about(bench: Bench) -> None:
    asked = {"PolicySourceArn": ROLE, "ActionNames": ["s3:GetObject"]}
    bench.control.settings(policy=policy(allow("iam:Simulate*", Resource=ROLE.replace(":role/", ":role/x"))))
    assert f"on resource: {ROLE} because" in denied(bench, "iam:SimulatePrincipalPolicy", asked)
    bench.control.settings(policy=policy(allow("iam:Simulate*", Resource=ROLE)))
    code = refusal(lambda: call(bench, "iam:SimulatePrincipalPolicy", asked))[0]
    assert code == "NotImplementedException"


def test_who_one_is_needs_no_grant(bench: Bench) -> None:
    bench.control.settings(policy=policy({"Effect": "Deny", "Action": "*", "Resource": "*"}))
    assert call(bench, "sts:GetCallerIdentity", {})["Account"] == ACCOUNT


def test_a_web_identity_needs_no_grant(bench: Bench) -> None:
    bench.control.settings(policy=policy({"Effect": "Deny", "Action": "*", "Resource": "*"}))
    asked = {"RoleArn": ROLE, "RoleSessionName": "pod", "WebIdentityToken": bench.token()}
    assert call(bench, "sts:AssumeRoleWithWebIdentity", asked)["Provider"] == PROVIDER


@pytest.mark.parametrize(
    ("action", "params", "resource"),
    [
        ("iam:GetRole", {"RoleName": "missing"}, f"{IAM}:role/missing"),
        ("iam:ListAttachedRolePolicies", {"RoleName": "authorized"}, ROLE),
        ("iam:ListInstanceProfilesForRole", {"RoleName": "authorized"}, ROLE),
        ("iam:PutRolePolicy", {"RoleName": "authorized", "PolicyName": "p", "PolicyDocument": "{}"}, ROLE),
        ("iam:AttachRolePolicy", {"RoleName": "authorized", "PolicyArn": S3}, ROLE),
        ("iam:ListRoles", {}, f"{IAM}:role/"),
        ("iam:ListRoles", {"PathPrefix": "/team/"}, f"{IAM}:role/team/"),
        ("iam:CreateRole", NEW, f"{IAM}:role/new"),
        ("iam:CreateRole", {**NEW, "Path": "/a/b/"}, f"{IAM}:role/a/b/new"),
        ("iam:CreateRole", {**NEW, "RoleName": "authorized"}, f"{IAM}:role/authorized"),
        ("iam:GetPolicy", {"PolicyArn": S3}, S3),
        ("iam:CreatePolicy", {"PolicyName": "p", "Path": "/x/", "PolicyDocument": "{}"}, f"{IAM}:policy/x/p"),
        ("iam:GetOpenIDConnectProvider", {"OpenIDConnectProviderArn": PROVIDER}, PROVIDER),
        ("iam:CreateOpenIDConnectProvider", {"Url": "https://a/b"}, f"{IAM}:oidc-provider/a/b"),
        ("iam:DeleteOpenIDConnectProvider", {"OpenIDConnectProviderArn": PROVIDER}, PROVIDER),
        (
            "iam:RemoveClientIDFromOpenIDConnectProvider",
            {"OpenIDConnectProviderArn": PROVIDER, "ClientID": "x"},
            PROVIDER,
        ),
        ("iam:TagOpenIDConnectProvider", {"OpenIDConnectProviderArn": PROVIDER, "Tags": TAGS}, PROVIDER),
        (
            "iam:UntagOpenIDConnectProvider",
            {"OpenIDConnectProviderArn": PROVIDER, "TagKeys": ["x"]},
            PROVIDER,
        ),
        ("iam:ListOpenIDConnectProviders", {}, f"{IAM}:oidc-provider/*"),
        ("iam:GetUser", {"UserName": "missing"}, f"{IAM}:user/missing"),
        (
            "iam:AddRoleToInstanceProfile",
            {"InstanceProfileName": "missing", "RoleName": "authorized"},
            f"{IAM}:instance-profile/missing",
        ),
        ("iam:ListPolicies", {}, "*"),
        ("iam:GetAccountSummary", {}, "*"),
        ("iam:GetAccountAuthorizationDetails", {}, "*"),
        ("eks:DescribeCluster", {"name": "demo"}, CLUSTER),
        ("eks:DescribeCluster", {"name": "missing"}, f"{CLUSTER.removesuffix('demo')}missing"),
        ("eks:ListClusters", {}, f"{CLUSTER.removesuffix('demo')}*"),
        ("sts:AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "me"}, ROLE),
    ],
    ids=short,
)
def test_the_resource_of_a_call(bench: Bench, action: str, params: Json, resource: str) -> None:
    bench.control.settings(policy=policy(allow(action, Resource=f"{IAM}:group/none")))
    denied(bench, action, params)
    deny = {"Effect": "Deny", "Action": action, "Resource": resource}
    bench.control.settings(policy=policy(allow("*"), deny))
    assert f" {action} on resource: " in denied(bench, action, params)


@pytest.mark.parametrize(
    ("action", "params", "told"),
    [
        ("iam:DeleteRole", {"RoleName": "authorized"}, "role authorized because"),
        ("iam:CreateRole", NEW, f"{IAM}:role/new because"),
        ("iam:TagRole", {"RoleName": "authorized", "Tags": TAGS}, f"{ROLE} because"),
        ("iam:GetPolicy", {"PolicyArn": S3}, f"policy {S3} because"),
        ("iam:CreatePolicy", {"PolicyName": "p", "Path": "/x/", "PolicyDocument": "{}"}, "policy p because"),
        ("iam:GetUser", {"UserName": "missing"}, "user missing because"),
        ("iam:GetInstanceProfile", {"InstanceProfileName": "web"}, "instance profile web because"),
        ("iam:ListRoles", {}, f"{IAM}:role/ because"),
        ("iam:GetOpenIDConnectProvider", {"OpenIDConnectProviderArn": PROVIDER}, f"{PROVIDER} because"),
        ("eks:DescribeCluster", {"name": "demo"}, f"{CLUSTER} because"),
        ("sts:AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "me"}, ROLE),
    ],
    ids=short,
)
def test_a_refusal_names_a_role_or_policy_by_its_kind(
    bench: Bench, action: str, params: Json, told: str
) -> None:
    bench.control.settings(policy=policy(allow(action, Resource=f"{IAM}:group/none")))
    message = denied(bench, action, params)
    assert f" {action} on resource: {told}" in message
    assert message.endswith(told) == action.startswith("sts:")


@pytest.mark.parametrize(
    ("setting", "kind", "arn"),
    [
        (
            "service_control_policy",
            "service control policy",
            r": arn:aws:organizations::\d+:policy/o-.*/p-.*",
        ),
        ("resource_control_policy", "resource control policy", r": arn:aws:organizations::.*/p-.*"),
        ("permissions_boundary", "permissions boundary", r": arn:aws:iam::\d+:policy/moto-boundary"),
        ("session_policy", "session policy", ""),
        ("endpoint_policy", "VPC endpoint policy", ""),
        ("resource_policy", "resource-based policy", ""),
    ],
)
def test_another_kind_of_policy_limits_what_is_allowed(
    bench: Bench, setting: str, kind: str, arn: str
) -> None:
    asked = {"RoleName": "authorized"}
    deny = {"Effect": "Deny", "Action": "iam:DeleteRole", "Resource": "*"}
    bench.control.settings(**{setting: policy(allow("iam:GetRole"), deny)})
    call(bench, "iam:GetRole", asked)
    assert denied(bench, "iam:UpdateRole", asked).endswith(
        f" because no {kind} allows the iam:UpdateRole action"
    )
    message = denied(bench, "iam:DeleteRole", asked)
    assert re.search(rf" with an explicit deny in a {kind}{arn}$", message)


def test_an_explicit_deny_is_told_before_what_is_not_allowed(bench: Bench) -> None:
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    bench.control.settings(policy=policy(deny), service_control_policy=policy(allow("sts:*")))
    assert "with an explicit deny in an identity" in denied(bench, "iam:GetRole", {"RoleName": "authorized"})
