# SPDX-License-Identifier: GPL-3.0-or-later

"""What can say which cluster is meant. EKS is the only one today (`eks.py`)."""

from __future__ import annotations

from typing import Protocol

from ..kube.api.client import KubernetesCluster
from ..model.cluster import ClusterDescription


class ClusterSource(Protocol):
    """One cluster, by what is known of it before anything was asked. For any number of threads."""

    @property
    def name(self) -> str:
        """How the user, or the kubeconfig, calls the cluster."""

    def describe(self) -> ClusterDescription:
        """The cluster, if it can be worked with.

        Raises:
            NotFound: there is none of that name, or it has no OIDC issuer.
            Denied, RemoteError: it cannot be asked about, or is not in a state to be worked with.
        """

    def connect(self, described: ClusterDescription) -> KubernetesCluster:
        """The way to its API server, where no kubeconfig and no pod says it."""

    def cluster_names(self) -> tuple[str, ...]:
        """The clusters that may be meant by a name in its place; () where none is chosen by name."""
