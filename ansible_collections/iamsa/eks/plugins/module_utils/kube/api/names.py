# SPDX-License-Identifier: GPL-3.0-or-later

"""Names to choose among: one page of namespaces, or of the workloads of one kind."""

from __future__ import annotations

from ..http.connection import Connection
from ..http.request import PAGE, Request
from .workloads import root_of


def namespaces(connection: Connection) -> tuple[str, ...]:
    """Denied where they may not be listed."""
    return _names(connection, Request("list", "namespaces", "/api/v1/namespaces", query={"limit": str(PAGE)}))


def workloads(connection: Connection, kind: str, namespace: str) -> tuple[str, ...]:
    """Denied where they may not be listed."""
    plural = f"{kind.lower()}s"
    path = f"{root_of(kind)}/namespaces/{namespace}/{plural}"
    return _names(connection, Request("list", plural, path, namespace, query={"limit": str(PAGE)}))


def _names(connection: Connection, request: Request) -> tuple[str, ...]:
    items = (connection.ask(request) or {}).get("items") or ()
    return tuple((item.get("metadata") or {}).get("name") or "" for item in items)
