# SPDX-License-Identifier: GPL-3.0-or-later

"""Namespaces: whether one takes new objects, its labels, and making one."""

from __future__ import annotations

from ...model.observed import NamespaceState
from ..http.connection import Connection
from ..http.request import Request
from .service_accounts import write_query


def state(connection: Connection, name: str) -> NamespaceState:
    """`unknown` where we may not look: users with rights in one namespace often may not read it."""
    request = Request("get", "namespaces", f"/api/v1/namespaces/{name}", name=name)
    answer = connection.send(request)
    if answer.status == 404:
        return "missing"
    if answer.status == 403:
        return "unknown"
    namespace = connection.decode(answer, request)
    deleting = (
        "deletionTimestamp" in (namespace.get("metadata") or {})
        or (namespace.get("status") or {}).get("phase") == "Terminating"
    )
    return "terminating" if deleting else "active"


def labels(connection: Connection, name: str) -> dict[str, str] | None:
    """None where there is no such namespace; Denied where it may not be read."""
    request = Request("get", "namespaces", f"/api/v1/namespaces/{name}", name=name)
    document = connection.ask(request, none_on=(404,))
    if document is None:
        return None
    return dict((document.get("metadata") or {}).get("labels") or {})


def create(connection: Connection, name: str, *, field_manager: str, dry_run: bool = False) -> None:
    """Make it; that somebody else has just done so is as good."""
    request = Request(
        "create",
        "namespaces",
        "/api/v1/namespaces",
        name=name,
        query=write_query(field_manager, dry_run),
        body={"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}},
    )
    connection.ask(request, none_on=(409,))
