# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which workloads run under a ServiceAccount: what has to be restarted before it sees a new role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..model.identity import Subject
from .connection import Connection
from .request import Request

PAGE = 500
_NOT_FINISHED = "status.phase!=Succeeded,status.phase!=Failed"


@dataclass(frozen=True, order=True)
class PodOwner:
    """What to restart: `Deployment`, `StatefulSet`, `DaemonSet`, `Job`, another owner, or a bare `Pod`."""

    kind: str
    name: str


def running(
    connection: Connection, subject: Subject, role_arn: str | None = None
) -> tuple[PodOwner, ...] | None:
    """The owners of pods that are not finished; None where we may not look.

    With `role_arn`, pods that already carry this role are left out.
    """
    owners: set[PodOwner] = set()
    token = ""
    while True:
        request = Request(
            "list",
            "pods",
            f"/api/v1/namespaces/{subject.namespace}/pods",
            subject.namespace,
            query={
                "fieldSelector": f"spec.serviceAccountName={subject.name},{_NOT_FINISHED}",
                "limit": str(PAGE),
                **({"continue": token} if token else {}),
            },
        )
        answer = connection.send(request)
        if answer.status == 403:
            return None
        if answer.status == 410:
            # The list has expired between two pages; what was seen is enough for a hint.
            break
        page = connection.decode(answer, request)
        owners.update(_owners(page.get("items") or (), role_arn))
        token = (page.get("metadata") or {}).get("continue") or ""
        if not token:
            break
    return tuple(sorted(owners))


def _owners(pods: Any, role_arn: str | None) -> Iterator[PodOwner]:
    for pod in pods:
        metadata = pod.get("metadata") or {}
        if "deletionTimestamp" in metadata or (role_arn and role_arn in _roles(pod)):
            continue
        yield owner_of(metadata)


def owner_of(metadata: Mapping[str, Any]) -> PodOwner:
    """The controller to restart. A Deployment is told from its ReplicaSet's name, which is not read."""
    controllers = [owner for owner in metadata.get("ownerReferences") or () if owner.get("controller")]
    if not controllers:
        return PodOwner("Pod", metadata.get("name") or metadata.get("generateName") or "")
    kind, name = controllers[0].get("kind") or "", controllers[0].get("name") or ""
    suffix = "-" + ((metadata.get("labels") or {}).get("pod-template-hash") or "")
    if kind == "ReplicaSet" and len(suffix) > 1 and name.endswith(suffix):
        return PodOwner("Deployment", name.removesuffix(suffix))
    return PodOwner(kind, name)


def _roles(pod: Mapping[str, Any]) -> set[str]:
    containers = (pod.get("spec") or {}).get("containers") or ()
    return {
        variable.get("value") or ""
        for container in containers
        for variable in container.get("env") or ()
        if variable.get("name") == "AWS_ROLE_ARN"
    }
