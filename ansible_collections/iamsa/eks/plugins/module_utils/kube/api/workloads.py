# SPDX-License-Identifier: GPL-3.0-or-later

"""Read workloads, from Deployments to CronJobs, and single pods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import NotFound, ResourceRef
from ...model.pods import PodTemplate, Workload
from ...wording.text import Option
from ..http.connection import Connection
from ..http.request import Request
from .pod_specs import template_of

_GROUPS = {
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"), "apps/v1"),
    **dict.fromkeys(("Job", "CronJob"), "batch/v1"),
}


def read(connection: Connection, kind: str, namespace: str, name: str) -> Workload:
    """Read a Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job or CronJob.

    Raises:
        NotFound: it does not exist.
        Denied: the caller is not allowed to read it.
    """
    plural = f"{kind.lower()}s"
    path = f"{root_of(kind)}/namespaces/{namespace}/{plural}/{name}"
    document = connection.ask(Request("get", plural, path, namespace, name), none_on=(404,))
    if document is None:
        raise NotFound(
            f"{kind.lower()} {namespace}/{name} does not exist",
            remedy="check the name and " + Option("namespace", brief=True),
            resource=ResourceRef(kind.lower(), name, namespace),
        )
    spec = document.get("spec") or {}
    return Workload(kind, namespace, name, _template(kind, document), _selector(spec.get("selector") or {}))


def root_of(kind: str) -> str:
    """Return the API path of the kind's group and version."""
    group = _GROUPS.get(kind)
    return f"/apis/{group}" if group else "/api/v1"


def has_daemon_set(connection: Connection, namespace: str, name: str) -> bool:
    """Return whether the DaemonSet exists.

    Raises:
        Denied: the caller is not allowed to read it.
    """
    path = f"/apis/apps/v1/namespaces/{namespace}/daemonsets/{name}"
    request = Request("get", "daemonsets", path, namespace, name)
    return connection.ask(request, none_on=(404,)) is not None


def _template(kind: str, document: Mapping[str, Any]) -> PodTemplate:
    if kind == "Pod":
        return template_of(document.get("metadata") or {}, document.get("spec") or {})
    spec = document.get("spec") or {}
    if kind == "CronJob":
        spec = (spec.get("jobTemplate") or {}).get("spec") or {}
    template = spec.get("template") or {}
    return template_of(template.get("metadata") or {}, template.get("spec") or {})


def _selector(selector: Mapping[str, Any]) -> str:
    """Convert a LabelSelector to the syntax of the labelSelector query parameter.

    Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
    """
    words = [f"{key}={value}" for key, value in (selector.get("matchLabels") or {}).items()]
    for one in selector.get("matchExpressions") or ():
        key, operator, values = one.get("key"), one.get("operator"), ",".join(one.get("values") or ())
        words.append(
            {"Exists": f"{key}", "DoesNotExist": f"!{key}"}.get(
                str(operator), f"{key} {str(operator).lower()} ({values})"
            )
        )
    return ",".join(words)
