# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the cluster and Kubernetes concurrently, as every read-only job begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..cluster.access import Access
from ..cluster.same_cluster import identify, prove_same
from ..concurrency import bounded, side_by_side
from ..errors import Absent
from ..identity.subject import Subject, service_account_ref
from ..kube.api.client import KubernetesCluster
from ..model.cluster import ClusterDescription
from ..model.desired import Desired
from ..model.observed import ClusterFacts, ServiceAccount
from ..wording.text import Command, Option


def cluster_and_service_account(
    desired: Desired, access: Access
) -> tuple[ClusterFacts, ServiceAccount | None]:
    """Return the cluster, without its provider, and the ServiceAccount, or None if it does not exist.

    Raises:
        IamsaError: see `cluster_and`.
    """
    return cluster_and(access, lambda one: one.read_service_account(desired.subject), "reading the cluster")


def cluster_and(
    access: Access, look: Callable[[KubernetesCluster], Any], doing: str
) -> tuple[ClusterFacts, Any]:
    """Return the cluster and the result of `look`, which are read concurrently if possible.

    `doing` names the reads in errors.

    Raises:
        Refused: the API server is not proven to be that of the described cluster.
        IamsaError: the cluster cannot be read, or `look` raised it.
    """
    kubernetes = access.kubernetes
    if kubernetes and access.known:
        looked_at = kubernetes
        return access.known, bounded(doing, lambda: look(looked_at), access.deadline)
    described, reached, found = described_beside(access, look, doing)
    cluster = identify(described, access)
    if kubernetes:
        # ServiceAccounts of another cluster would be judged by the wrong issuer.
        bounded(doing, lambda: prove_same(described, reached, access), access.deadline)
    return cluster, found


def described_beside(
    access: Access, look: Callable[[KubernetesCluster], Any], doing: str
) -> tuple[ClusterDescription, KubernetesCluster, Any]:
    """Return the described cluster, its API server, and the result of `look`.

    It is not yet proven that both are the same cluster. If the API server's address is known beforehand, they
    are read concurrently.
    """
    kubernetes = access.kubernetes
    works: list[Callable[[], Any]] = [access.source.describe]
    if kubernetes:
        works.append(lambda: look(kubernetes))
    described, *looked = side_by_side(doing, access.deadline, *works)
    if kubernetes:
        return described, kubernetes, looked[0]

    def reach() -> tuple[KubernetesCluster, Any]:
        reached = access.source.connect(described)
        return reached, look(reached)

    return (described, *bounded(doing, reach, access.deadline))


def no_service_account(subject: Subject) -> Absent:
    """Return the error for a missing ServiceAccount."""
    return Absent(
        f"serviceaccount {subject} does not exist",
        remedy="check the name and "
        + Option("namespace", brief=True)
        + ", or create it with "
        + Command("create"),
        resource=service_account_ref(subject),
    )
