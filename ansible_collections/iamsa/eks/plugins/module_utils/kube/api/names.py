# SPDX-License-Identifier: GPL-3.0-or-later

"""Names for shell completion: the first page of namespaces, or of the workloads of one kind."""

from __future__ import annotations

from ..http.connection import Connection
from ..http.request import PAGE, Request
from .workloads import root_of


def namespaces(connection: Connection) -> tuple[str, ...]:
    """Return the names of at most 500 namespaces.

    Raises:
        Denied: the caller is not allowed to list them.
    """
    return _names(connection, Request("list", "namespaces", "/api/v1/namespaces", query={"limit": str(PAGE)}))


def workloads(connection: Connection, kind: str, namespace: str) -> tuple[str, ...]:
    """Return the names of at most 500 workloads of a kind, such as `Deployment`.

    Raises:
        Denied: the caller is not allowed to list them.
    """
    plural = f"{kind.lower()}s"
    path = f"{root_of(kind)}/namespaces/{namespace}/{plural}"
    return _names(connection, Request("list", plural, path, namespace, query={"limit": str(PAGE)}))


def _names(connection: Connection, request: Request) -> tuple[str, ...]:
    items = (connection.ask(request) or {}).get("items") or ()
    return tuple((item.get("metadata") or {}).get("name") or "" for item in items)
