# SPDX-License-Identifier: GPL-3.0-or-later

"""What doctor alone reads of a cluster: pods, workloads, webhooks, and a namespace's labels."""

from __future__ import annotations

from ...identity.subject import Subject
from ...model.pods import Pod, Workload
from ...model.webhook import Probe, Webhook
from ..http.connection import Connection
from . import namespaces, pods, webhooks, workloads
from .client import KubernetesCluster


class Diagnostics:
    """Over the connection of a cluster; for any number of threads."""

    def __init__(self, kubernetes: KubernetesCluster) -> None:
        self._connection: Connection = kubernetes.connection

    def pods_of(self, subject: Subject) -> tuple[Pod, ...]:
        return pods.of_service_account(self._connection, subject)

    def all_pods(self, namespace: str | None) -> tuple[Pod, ...]:
        """Those of one namespace, or with None of all."""
        return pods.in_namespace(self._connection, namespace)

    def pods_of_workload(self, workload: Workload) -> tuple[Pod, ...]:
        return pods.of_workload(self._connection, workload)

    def workload(self, kind: str, namespace: str, name: str) -> Workload:
        """NotFound where there is none."""
        return workloads.read(self._connection, kind, namespace, name)

    def webhooks(self) -> tuple[Webhook, ...]:
        """The pod identity webhooks that are registered."""
        return webhooks.registered(self._connection)

    def probe(self, subject: Subject) -> Probe:
        """Try a new pod, which is never stored."""
        return webhooks.probe(self._connection, subject)

    def namespace_labels(self, name: str) -> dict[str, str] | None:
        """None where there is no such namespace; Denied where it may not be read."""
        return namespaces.labels(self._connection, name)

    def has_daemon_set(self, namespace: str, name: str) -> bool:
        return workloads.has_daemon_set(self._connection, namespace, name)
