"""Names a Kubernetes call: `kube:verb:resource`, `kube:verb:resource/subresource` or `kube:verb:/path`."""

from __future__ import annotations

import json

from pocket_eks.gate.message import Named, Request

VERBS = {"GET": "get", "HEAD": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
REVIEWS = (
    "tokenreviews",
    "subjectaccessreviews",
    "selfsubjectaccessreviews",
    "selfsubjectrulesreviews",
    "localsubjectaccessreviews",
    "selfsubjectreviews",
)
"""Resources that are questions, asked with POST."""


def name(request: Request) -> Named:
    """Return the call with a verb of RBAC: get, list, watch, create, update, patch, delete, deletecollection.

    `write` is True for POST, PUT, PATCH and DELETE of a resource, except reviews, TokenRequests and calls
    with dryRun=All. A call without a resource (/version, /healthz, discovery) is named by its path.
    """
    resource, named_object = resource_of(request.path)
    verb = VERBS.get(request.method, request.method.lower())
    if not resource:
        return Named(f"kube:{verb}:{request.path}", write=False)
    query = request.query
    if verb == "get" and query.get("watch", "").lower() in ("1", "true"):
        verb = "watch"
    elif verb == "get" and not named_object:
        verb = "list"
    elif verb == "delete" and not named_object:
        verb = "deletecollection"
    asks = resource in REVIEWS or resource == "serviceaccounts/token"
    write = request.method in ("POST", "PUT", "PATCH", "DELETE") and not asks and not dry_run(request, query)
    return Named(f"kube:{verb}:{resource}", write)


def resource_of(path: str) -> tuple[str, bool]:
    """Return the resource with its subresource, and whether an object is named. ("", False) for other paths.

    API paths: Kubernetes API concepts, "Resource URIs".
    """
    parts = [part for part in path.split("/") if part]
    if parts[:1] == ["api"]:
        rest = parts[2:]
    elif parts[:1] == ["apis"]:
        rest = parts[3:]
    else:
        return "", False
    if len(rest) > 2 and rest[0] == "namespaces" and rest[2] not in ("status", "finalize"):
        rest = rest[2:]
    if not rest:
        return "", False
    subresource = "/" + "/".join(rest[2:]) if len(rest) > 2 else ""
    return rest[0] + subresource, len(rest) > 1


def dry_run(request: Request, query: dict[str, str]) -> bool:
    """Return whether the call has dryRun=All, which a deletion of kubectl has in its body (DeleteOptions)."""
    if query.get("dryRun") == "All":
        return True
    if request.method != "DELETE" or not request.body.startswith(b"{"):
        return False
    try:
        options = json.loads(request.body)
    except ValueError:
        return False
    return "All" in (options.get("dryRun") or [])
