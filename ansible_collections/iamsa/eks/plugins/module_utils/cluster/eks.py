# SPDX-License-Identifier: GPL-3.0-or-later

"""The ClusterSource for EKS: DescribeCluster, and the connection to the API server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..deadline import Deadline
from ..kube.api.client import KubernetesCluster
from ..kube.config.options import ConnectionOptions
from ..kube.connect import connect_directly
from ..model.cluster import ClusterDescription
from .eks_cluster import EksCluster


@dataclass(frozen=True)
class EksSource:
    """A ClusterSource for an EKS cluster. `connection` and `environ` only affect `connect`."""

    cluster: EksCluster
    deadline: Deadline
    connection: ConnectionOptions = field(default_factory=ConnectionOptions)
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.cluster.name

    @property
    def title(self) -> str:
        return self.cluster.title

    def describe(self) -> ClusterDescription:
        return self.cluster.describe()

    def connect(self, described: ClusterDescription) -> KubernetesCluster:
        """The API server, with a token like that of `aws eks get-token`, unless `connection` has a token."""
        return KubernetesCluster(
            connect_directly(
                described.endpoint,
                described.ca,
                lambda: self.cluster.eks.token(self.name),
                self.connection,
                self.deadline,
                title=self.title,
                environ=self.environ,
            )
        )

    def cluster_names(self) -> tuple[str, ...]:
        return self.cluster.eks.cluster_names()
