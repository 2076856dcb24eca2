# SPDX-License-Identifier: GPL-3.0-or-later

"""List the pods of a ServiceAccount, a workload or a namespace, and their owners."""

from __future__ import annotations

import re
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
    """Return the unfinished pods that run under the ServiceAccount.

    Raises:
        Denied: the caller is not allowed to list pods in its namespace.
    """
    chosen = f"spec.serviceAccountName={subject.name},{_NOT_FINISHED}"
    return _listed(connection, subject.namespace, {"fieldSelector": chosen})


def in_namespace(connection: Connection, namespace: str | None) -> tuple[Pod, ...]:
    """Return the unfinished pods of a namespace (None: of the cluster).

    Raises:
        Denied: the caller is not allowed to list them.
    """
    return _listed(connection, namespace, {"fieldSelector": _NOT_FINISHED})


def of_workload(connection: Connection, workload: Workload) -> tuple[Pod, ...]:
    """Return the unfinished pods that match the workload's selector; for kind `Pod`, the pod itself.

    A CronJob has no selector: its pods are those of Jobs with the names that its controller gives them, the
    CronJob's name and the scheduled time in minutes.

    Raises:
        Denied: the caller is not allowed to list pods in its namespace.
    """
    if workload.kind == "Pod":
        chosen = {"fieldSelector": f"metadata.name={workload.name}"}
        return _listed(connection, workload.namespace, chosen)
    if workload.kind == "CronJob":
        pods = of_service_account(connection, workload.subject)
        of_its_jobs = re.compile(re.escape(workload.name) + r"-[0-9]+", re.ASCII)
        return tuple(pod for pod in pods if pod.owner_kind == "Job" and of_its_jobs.fullmatch(pod.owner_name))
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
            # The list expired between two pages. The pods read so far are enough.
            return tuple(found)
        page = connection.decode(answer, request)
        items = page.get("items") or ()
        found += [pod_of(one) for one in items if "deletionTimestamp" not in (one.get("metadata") or {})]
        token = (page.get("metadata") or {}).get("continue") or ""
        if not token:
            return tuple(found)


@dataclass(frozen=True, order=True)
class PodOwner:
    """The object to restart: `Deployment`, `StatefulSet`, `DaemonSet`, `Job`, another owner or a `Pod`."""

    kind: str
    name: str


def owners_of_running(
    connection: Connection, subject: Subject, is_meant: Callable[[Pod], bool] | None = None
) -> tuple[PodOwner, ...] | None:
    """Return the owners of the ServiceAccount's unfinished pods, sorted.

    `is_meant` selects pods. None if the caller is not allowed to list the pods.
    """
    try:
        pods = of_service_account(connection, subject)
    except Denied:
        return None
    owners = {PodOwner(pod.owner_kind, pod.owner_name) for pod in pods if is_meant is None or is_meant(pod)}
    return tuple(sorted(owners))
