# SPDX-License-Identifier: GPL-3.0-or-later

"""The pods of a ServiceAccount, of a workload or of a namespace, and what owns them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...errors import Denied
from ...identity.subject import Subject
from ...model.pods import Pod, Workload
from ..http.connection import Connection
from ..http.request import PAGE, Request
from .pod_specs import pod_of

_NOT_FINISHED = "status.phase!=Succeeded,status.phase!=Failed"


def of_service_account(connection: Connection, subject: Subject) -> tuple[Pod, ...]:
    """The pods that run under the ServiceAccount and have not finished."""
    chosen = f"spec.serviceAccountName={subject.name},{_NOT_FINISHED}"
    return _listed(connection, subject.namespace, {"fieldSelector": chosen})


def in_namespace(connection: Connection, namespace: str | None) -> tuple[Pod, ...]:
    """All pods of a namespace, or with None of the cluster, that have not finished."""
    return _listed(connection, namespace, {"fieldSelector": _NOT_FINISHED})


def of_workload(connection: Connection, workload: Workload) -> tuple[Pod, ...]:
    """The pods that the workload makes; a pod that is asked about is its own."""
    if workload.kind == "Pod":
        chosen = {"fieldSelector": f"metadata.name={workload.name}"}
        return _listed(connection, workload.namespace, chosen)
    chosen = {"fieldSelector": _NOT_FINISHED, "labelSelector": workload.selector}
    return _listed(connection, workload.namespace, chosen)


def _listed(connection: Connection, namespace: str | None, query: Mapping[str, str]) -> tuple[Pod, ...]:
    path = "/api/v1/pods" if namespace is None else f"/api/v1/namespaces/{namespace}/pods"
    found: list[Pod] = []
    token = ""
    while True:
        more = {"limit": str(PAGE), **({"continue": token} if token else {})}
        request = Request("list", "pods", path, namespace or "", query={**query, **more})
        answer = connection.send(request)
        if answer.status == 410:
            # The list has expired between two pages; what was seen is enough.
            return tuple(found)
        page = connection.decode(answer, request)
        items = page.get("items") or ()
        found += [pod_of(one) for one in items if "deletionTimestamp" not in (one.get("metadata") or {})]
        token = (page.get("metadata") or {}).get("continue") or ""
        if not token:
            return tuple(found)


@dataclass(frozen=True, order=True)
class PodOwner:
    """What to restart: `Deployment`, `StatefulSet`, `DaemonSet`, `Job`, another owner, or a bare `Pod`."""

    kind: str
    name: str


def owners_of_running(
    connection: Connection, subject: Subject, is_meant: Callable[[Pod], bool] | None = None
) -> tuple[PodOwner, ...] | None:
    """The owners of pods that are not finished; None where we may not look.

    With `is_meant`, of those alone that it is true of.
    """
    try:
        pods = of_service_account(connection, subject)
    except Denied:
        return None
    owners = {PodOwner(pod.owner_kind, pod.owner_name) for pod in pods if is_meant is None or is_meant(pod)}
    return tuple(sorted(owners))
