# SPDX-License-Identifier: GPL-3.0-or-later

"""List the ServiceAccounts of one or all namespaces, page by page.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
"""

from __future__ import annotations

from typing import Any

from ...errors import Denied
from ...identity.subject import Subject
from ...model.observed import ServiceAccount
from ...wording.text import Option
from ..http.connection import Connection
from ..http.request import PAGE, Request
from ..http.transport import Answer
from .service_accounts import service_account

_EXPIRED = 410


def listed(connection: Connection, namespace: str | None, selector: str = "") -> tuple[ServiceAccount, ...]:
    """Return the ServiceAccounts of a namespace (None: of all), in the server's order: by namespace and name.

    `selector` is a label selector in the syntax of `kubectl -l`; "" selects all.

    Raises:
        Denied: the caller is not allowed to list them.
    """
    found: list[ServiceAccount] = []
    token = ""
    limit = str(PAGE)
    labels = {"labelSelector": selector} if selector else {}
    while True:
        request = _request(namespace, {**labels, "limit": limit, **({"continue": token} if token else {})})
        answer = connection.send(request)
        if answer.status == _EXPIRED and token:
            # The list expired between two pages. A list without pages cannot expire.
            found, token, limit = [], "", "0"
            continue
        page = _page(connection, answer, request)
        found += [_service_account(item) for item in page.get("items") or ()]
        token = (page.get("metadata") or {}).get("continue") or ""
        if not token:
            return tuple(found)


def _request(namespace: str | None, query: dict[str, str]) -> Request:
    path = (
        "/api/v1/serviceaccounts" if namespace is None else f"/api/v1/namespaces/{namespace}/serviceaccounts"
    )
    return Request("list", "serviceaccounts", path, namespace or "", query=query)


def _service_account(item: Any) -> ServiceAccount:
    metadata = item.get("metadata") or {}
    return service_account(item, Subject(metadata.get("namespace") or "", metadata.get("name") or ""))


def _page(connection: Connection, answer: Answer, request: Request) -> dict[str, Any]:
    try:
        return connection.decode(answer, request)
    except Denied as denied:
        if request.namespace:
            raise
        raise Denied(
            denied.problem,
            action=f"{denied.action} in all namespaces",
            remedy="use "
            + Option("namespace", "NAMESPACE", brief=True)
            + " instead of "
            + Option("all_namespaces", brief=True)
            + ", or ask for a ClusterRole that allows it",
            resource=denied.resource,
        ) from None
