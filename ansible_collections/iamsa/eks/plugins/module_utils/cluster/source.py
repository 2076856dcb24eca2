# SPDX-License-Identifier: GPL-3.0-or-later

"""The protocol of a cluster source. EKS is the only implementation (`eks.py`)."""

from __future__ import annotations

from typing import Protocol

from ..kube.api.client import KubernetesCluster
from ..model.cluster import ClusterDescription


class ClusterSource(Protocol):
    """One cluster, by what is known of it before any call. Thread-safe."""

    @property
    def name(self) -> str:
        """The cluster's name, as the user or the kubeconfig gives it."""

    def describe(self) -> ClusterDescription:
        """The cluster, which must be active and have an OIDC issuer.

        Raises:
            NotFound: the cluster does not exist, or has no OIDC issuer.
            Denied, RemoteError: the cluster cannot be read, or is not active.
        """

    def connect(self, described: ClusterDescription) -> KubernetesCluster:
        """The API server, for a cluster that neither a kubeconfig nor a pod gives access to."""

    def cluster_names(self) -> tuple[str, ...]:
        """The names of clusters that could be used instead; () if clusters are not selected by name."""
