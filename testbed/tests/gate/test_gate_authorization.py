"""A policy in force: what is judged, what is exempt, and how a refusal reads."""

from __future__ import annotations

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
    assert denied(bench, "iam:GetRole", {"RoleName": "authorized"}) == (
        f"User: {USER} is not authorized to perform: iam:GetRole on resource: {ROLE} "
        "because no identity-based policy allows the iam:GetRole action"
    )


def test_an_explicit_deny_is_told_as_such(bench: Bench) -> None:
    deny = {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
    bench.control.settings(policy=policy(allow("*"), deny))
    assert denied(bench, "iam:GetRole", {"RoleName": "authorized"}) == (
        f"User: {USER} is not authorized to perform: iam:GetRole on resource: {ROLE} "
        "with an explicit deny in an identity-based policy"
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
        ("iam:ListOpenIDConnectProviders", {}, "*"),
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
        ("eks:ListClusters", {}, "*"),
        ("sts:AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "me"}, ROLE),
    ],
    ids=short,
)
def test_the_resource_of_a_call(bench: Bench, action: str, params: Json, resource: str) -> None:
    bench.control.settings(policy=policy(allow(action, Resource=f"{IAM}:group/none")))
    assert f" {action} on resource: {resource} because " in denied(bench, action, params)
    deny = {"Effect": "Deny", "Action": action, "Resource": resource}
    bench.control.settings(policy=policy(allow("*"), deny))
    assert "explicit deny" in denied(bench, action, params)
