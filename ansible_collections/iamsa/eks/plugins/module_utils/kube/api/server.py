# SPDX-License-Identifier: GPL-3.0-or-later

"""What an API server says of itself: its issuer, its version, and what we may do there."""

from __future__ import annotations

from ..http.connection import Connection
from ..http.request import ISSUER, Request


def issuer(connection: Connection) -> str | None:
    """The issuer of the cluster's tokens; None where it may not be seen."""
    document = connection.ask(ISSUER, none_on=(401, 403, 404))
    value = document.get("issuer") if document else None
    return value if isinstance(value, str) and value else None


def may(connection: Connection, verb: str, resource: str, namespace: str) -> bool | None:
    """Whether we may do that; None where the question itself is forbidden."""
    request = Request(
        "create",
        "selfsubjectaccessreviews",
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        body={
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {"verb": verb, "resource": resource, "namespace": namespace}},
        },
    )
    document = connection.ask(request, none_on=(403, 404))
    return None if document is None else bool((document.get("status") or {}).get("allowed"))


def version(connection: Connection) -> str:
    """As `gitVersion` has it, which everybody may read; "" where the server does not tell it."""
    return str((connection.ask(Request("get", "/version", "/version")) or {}).get("gitVersion") or "")
