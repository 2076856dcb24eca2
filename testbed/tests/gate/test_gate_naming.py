"""What calls are named, and which of them count as writes."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from pocket_eks.gate import aws_calls, kube_calls
from pocket_eks.gate.message import Request

FORM = (b"content-type", b"application/x-www-form-urlencoded; charset=utf-8")


def aws(service: str, method: str, path: str, action: str = "", **params: str) -> tuple[str, bool]:
    scope = f"AKIA/20260101/eu-west-1/{service}/aws4_request"
    headers = [FORM]
    if service:
        headers.append((b"authorization", f"AWS4-HMAC-SHA256 Credential={scope}, Signature=0".encode()))
    body = urlencode({"Action": action, **params}).encode() if action else b""
    named = aws_calls.name(Request(method, path, path.encode(), headers, body))
    return named.action, named.write


@pytest.mark.parametrize(
    ("service", "method", "path", "action", "expected", "write"),
    [
        ("iam", "POST", "/", "CreateRole", "iam:CreateRole", True),
        ("iam", "POST", "/", "GetRole", "iam:GetRole", False),
        ("iam", "POST", "/", "ListRoles", "iam:ListRoles", False),
        ("iam", "POST", "/", "SimulatePrincipalPolicy", "iam:SimulatePrincipalPolicy", False),
        ("iam", "POST", "/", "UntagRole", "iam:UntagRole", True),
        ("sts", "POST", "/", "GetCallerIdentity", "sts:GetCallerIdentity", False),
        ("sts", "POST", "/", "AssumeRole", "sts:AssumeRole", False),
        ("", "POST", "/", "AssumeRoleWithWebIdentity", "sts:AssumeRoleWithWebIdentity", False),
        ("eks", "GET", "/clusters/demo", "", "eks:DescribeCluster", False),
        ("eks", "GET", "/clusters", "", "eks:ListClusters", False),
        ("eks", "DELETE", "/clusters/demo", "", "eks:DeleteCluster", True),
        (
            "eks",
            "POST",
            "/clusters/demo/pod-identity-associations",
            "",
            "eks:CreatePodIdentityAssociation",
            True,
        ),
        ("eks", "PUT", "/elsewhere", "", "eks:PUT /elsewhere", True),
        ("", "GET", "/x", "", "aws:GET /x", False),
    ],
)
def test_aws(*, service: str, method: str, path: str, action: str, expected: str, write: bool) -> None:
    assert aws(service, method, path, action) == (expected, write)


def test_a_presigned_call_is_named_by_its_query() -> None:
    target = b"/?Action=GetCallerIdentity&X-Amz-Credential=AKIA%2F20260101%2Fus-east-1%2Fsts%2Faws4_request"
    named = aws_calls.name(Request("GET", "/", target, [], b""))
    assert (named.action, named.service, named.region) == ("sts:GetCallerIdentity", "sts", "us-east-1")


@pytest.mark.parametrize(
    ("method", "target", "expected", "write"),
    [
        ("GET", "/api/v1/namespaces/default", "kube:get:namespaces", False),
        ("GET", "/api/v1/namespaces", "kube:list:namespaces", False),
        ("GET", "/api/v1/namespaces/web/pods?limit=500", "kube:list:pods", False),
        ("GET", "/api/v1/namespaces/web/pods?watch=true", "kube:watch:pods", False),
        ("GET", "/api/v1/namespaces/web/serviceaccounts/shop", "kube:get:serviceaccounts", False),
        ("POST", "/api/v1/namespaces/web/serviceaccounts", "kube:create:serviceaccounts", True),
        ("POST", "/api/v1/namespaces/web/serviceaccounts?dryRun=All", "kube:create:serviceaccounts", False),
        (
            "PATCH",
            "/api/v1/namespaces/web/serviceaccounts/shop?force=true",
            "kube:patch:serviceaccounts",
            True,
        ),
        (
            "POST",
            "/api/v1/namespaces/web/serviceaccounts/shop/token",
            "kube:create:serviceaccounts/token",
            False,
        ),
        ("PUT", "/api/v1/namespaces/web/finalize", "kube:update:namespaces/finalize", True),
        ("DELETE", "/apis/apps/v1/namespaces/web/deployments/x", "kube:delete:deployments", True),
        ("DELETE", "/apis/apps/v1/namespaces/web/deployments", "kube:deletecollection:deployments", True),
        (
            "PATCH",
            "/apis/apps/v1/namespaces/web/deployments/x/scale",
            "kube:patch:deployments/scale",
            True,
        ),
        (
            "POST",
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            "kube:create:selfsubjectaccessreviews",
            False,
        ),
        ("GET", "/version", "kube:get:/version", False),
        ("GET", "/apis/apps/v1", "kube:get:/apis/apps/v1", False),
    ],
)
def test_kubernetes(method: str, target: str, expected: str, write: bool) -> None:
    named = kube_calls.name(Request(method, target.partition("?")[0], target.encode(), [], b""))
    assert (named.action, named.write) == (expected, write)


def test_a_deletion_says_dry_run_in_its_body() -> None:
    path = "/api/v1/namespaces/web/serviceaccounts/shop"
    body = json.dumps({"kind": "DeleteOptions", "dryRun": ["All"]}).encode()
    assert not kube_calls.name(Request("DELETE", path, path.encode(), [], body)).write
    assert kube_calls.name(Request("DELETE", path, path.encode(), [], b'{"kind":"DeleteOptions"}')).write
