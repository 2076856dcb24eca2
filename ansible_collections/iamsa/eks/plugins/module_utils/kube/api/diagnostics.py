# SPDX-License-Identifier: GPL-3.0-or-later

"""The reads that only doctor needs: pods, workloads, webhooks, and the labels of a namespace."""

from __future__ import annotations

from ...identity.subject import Subject
from ...model.pods import Pod, Workload
from ...model.webhook import Probe, Webhook
from ..http.connection import Connection
from . import namespaces, pods, webhooks, workloads
from .client import KubernetesCluster


class Diagnostics:
    """Reads over the connection of a cluster. Thread-safe."""

    def __init__(self, kubernetes: KubernetesCluster) -> None:
        self._connection: Connection = kubernetes.connection

    def pods_of(self, subject: Subject) -> tuple[Pod, ...]:
        """Return the unfinished pods that run under the ServiceAccount."""
        return pods.of_service_account(self._connection, subject)

    def all_pods(self, namespace: str | None) -> tuple[Pod, ...]:
        """Return the unfinished pods of a namespace (None: of the cluster)."""
        return pods.in_namespace(self._connection, namespace)

    def pods_of_workload(self, workload: Workload) -> tuple[Pod, ...]:
        """Return the unfinished pods of a workload."""
        return pods.of_workload(self._connection, workload)

    def workload(self, kind: str, namespace: str, name: str) -> Workload:
        """Read a workload by its kind, such as `Deployment`.

        Raises:
            NotFound: it does not exist.
        """
        return workloads.read(self._connection, kind, namespace, name)

    def webhooks(self) -> tuple[Webhook, ...]:
        """Return the registered pod identity webhooks."""
        return webhooks.registered(self._connection)

    def probe(self, subject: Subject) -> Probe:
        """Create a pod of the ServiceAccount as a server-side dry run."""
        return webhooks.probe(self._connection, subject)

    def namespace_labels(self, name: str) -> dict[str, str] | None:
        """Return the labels of a namespace; None if it does not exist.

        Raises:
            Denied: the caller is not allowed to read it.
        """
        return namespaces.labels(self._connection, name)

    def has_daemon_set(self, namespace: str, name: str) -> bool:
        """Return whether the DaemonSet exists."""
        return workloads.has_daemon_set(self._connection, namespace, name)
