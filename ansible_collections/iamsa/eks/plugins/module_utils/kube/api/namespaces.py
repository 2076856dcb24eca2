# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the state and labels of a namespace, and create namespaces."""

from __future__ import annotations

from ...model.observed import NamespaceState
from ..http.connection import Connection
from ..http.request import Request
from .service_accounts import write_query


def state(connection: Connection, name: str) -> NamespaceState:
    """Return the state; `unknown` if reading is denied, as it often is for users of a single namespace."""
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
    """Return the labels; None if the namespace does not exist.

    Raises:
        Denied: the caller is not allowed to read it.
    """
    request = Request("get", "namespaces", f"/api/v1/namespaces/{name}", name=name)
    document = connection.ask(request, none_on=(404,))
    if document is None:
        return None
    return dict((document.get("metadata") or {}).get("labels") or {})


def create(connection: Connection, name: str, *, field_manager: str, dry_run: bool = False) -> None:
    """Create the namespace; success too if it was created concurrently."""
    request = Request(
        "create",
        "namespaces",
        "/api/v1/namespaces",
        name=name,
        query=write_query(field_manager, dry_run),
        body={"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}},
    )
    connection.ask(request, none_on=(409,))
