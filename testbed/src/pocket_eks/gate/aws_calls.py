"""Identifies an AWS call from the scope of its signature, its query parameters or its REST route."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote

from pocket_eks.gate.message import Named, Request

READS = (
    "BatchGet",
    "Decode",
    "Describe",
    "Generate",
    "Get",
    "List",
    "Lookup",
    "Search",
    "Simulate",
    "Validate",
)
"""Verbs of operations that change nothing."""

UNSIGNED = {"AssumeRoleWithWebIdentity": "sts", "AssumeRoleWithSAML": "sts"}

_SCOPE = re.compile(r"Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_PART = r"/[^/]+"
EKS_ROUTES = (
    ("GET", re.compile("^/cluster-versions$"), "DescribeClusterVersions"),
    *(
        (method, re.compile(f"^/clusters{path}$"), operation)
        for method, path, operation in (
            ("GET", "", "ListClusters"),
            ("POST", "", "CreateCluster"),
            ("GET", _PART, "DescribeCluster"),
            ("DELETE", _PART, "DeleteCluster"),
            ("POST", _PART + "/update-config", "UpdateClusterConfig"),
            ("GET", _PART + "/pod-identity-associations", "ListPodIdentityAssociations"),
            ("POST", _PART + "/pod-identity-associations", "CreatePodIdentityAssociation"),
            ("GET", _PART + "/pod-identity-associations" + _PART, "DescribePodIdentityAssociation"),
            ("POST", _PART + "/pod-identity-associations" + _PART, "UpdatePodIdentityAssociation"),
            ("DELETE", _PART + "/pod-identity-associations" + _PART, "DeletePodIdentityAssociation"),
            ("GET", _PART + "/addons", "ListAddons"),
            ("POST", _PART + "/addons", "CreateAddon"),
            ("GET", _PART + "/addons" + _PART, "DescribeAddon"),
            ("DELETE", _PART + "/addons" + _PART, "DeleteAddon"),
            ("GET", _PART + "/access-entries", "ListAccessEntries"),
            ("POST", _PART + "/access-entries", "CreateAccessEntry"),
            ("GET", _PART + "/access-entries" + _PART, "DescribeAccessEntry"),
            ("DELETE", _PART + "/access-entries" + _PART, "DeleteAccessEntry"),
        )
    ),
)
"""The EKS operations that have a name here (EKS API reference); others are named by method and path."""


def name(request: Request) -> Named:
    """Return `service:Operation`. The verb of the operation decides `write`, and STS never writes.

    A call without an operation is named `service:METHOD path`. The service of an unsigned call is `aws`.
    """
    query = request.query
    signed = scope_of(request)
    service = signed["service"] if signed else ""
    region = signed["region"] if signed else ""
    params = query
    if request.header("content-type").startswith("application/x-www-form-urlencoded"):
        params = query | dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    operation = params.get("Action", "") or request.header("x-amz-target").rpartition(".")[2]
    if service == "eks":
        operation = eks_operation(request)
    service = service or UNSIGNED.get(operation, "aws")
    if not operation:
        write = request.method not in ("GET", "HEAD")
        return Named(f"{service}:{request.method} {request.path}", write, service, region, params)
    write = service != "sts" and not operation.startswith(READS)
    return Named(f"{service}:{operation}", write, service, region, params)


def scope_of(request: Request) -> re.Match[str] | None:
    """Return the credential scope of a signed call."""
    presigned = "Credential=" + request.query.get("X-Amz-Credential", "")
    return _SCOPE.search(request.header("authorization")) or _SCOPE.search(presigned)


def access_key(request: Request) -> str:
    """Return the access key ID that signed a call, or ""."""
    signed = scope_of(request)
    return signed["key"] if signed else ""


def eks_operation(request: Request) -> str:
    """Return the operation of an EKS REST call, or ""."""
    path = request.target.partition(b"?")[0].decode("latin-1")
    for method, pattern, operation in EKS_ROUTES:
        if method == request.method and pattern.match(path):
            return operation
    return ""


def eks_cluster(request: Request) -> str:
    """Return the decoded name of the cluster in an EKS path."""
    parts = request.target.partition(b"?")[0].decode("latin-1").split("/")
    return unquote(parts[2]) if len(parts) > 2 else ""
