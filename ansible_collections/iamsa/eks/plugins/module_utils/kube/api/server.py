# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the issuer and the version of an API server, and ask what the caller is allowed to do."""

from __future__ import annotations

from ..http.connection import Connection
from ..http.request import ISSUER, Request


def issuer(connection: Connection) -> str | None:
    """Return the URL of the issuer of ServiceAccount tokens; None if it cannot be read.

    Source: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
    """
    document = connection.ask(ISSUER, none_on=(401, 403, 404))
    value = document.get("issuer") if document else None
    return value if isinstance(value, str) and value else None


def may(connection: Connection, verb: str, resource: str, namespace: str) -> bool | None:
    """Return whether the caller is allowed to do it; None if the review itself is denied.

    Source: https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/
    """
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
    """Return `gitVersion` of /version, which every caller can read; "" if the server does not report it."""
    return str((connection.ask(Request("get", "/version", "/version")) or {}).get("gitVersion") or "")
