# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sources of a cluster: EKS in memory, and the API server of a cluster that EKS does not run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from unit.fakes.examples import CLUSTER, HOME
from unit.fakes.kubernetes import CA_PEM, InMemoryCluster
from unit.fakes.wire import Wire

from ansible_collections.iamsa.eks.plugins.module_utils.identity.account import RoleHome
from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import ClusterRef
from ansible_collections.iamsa.eks.plugins.module_utils.model.cluster import ClusterDescription


@dataclass
class InMemoryEksSource:
    wire: Wire
    kubernetes: InMemoryCluster
    name: str = "demo"
    described: ClusterDescription = field(
        default_factory=lambda: ClusterDescription(CLUSTER, HOME, "https://demo.example", CA_PEM)
    )

    def describe(self) -> ClusterDescription:
        return self.wire.send("eks:DescribeCluster", lambda: self.described, about=self.name)

    def connect(self, described: ClusterDescription) -> Any:  # noqa: ARG002
        return self.kubernetes

    def cluster_names(self) -> tuple[str, ...]:
        return (self.name,)


@dataclass
class ApiServerSource:
    """A cluster is what its own tokens say; the account is the one of the credentials."""

    wire: Wire
    kubernetes: InMemoryCluster
    home: RoleHome = HOME
    region: str = CLUSTER.region
    name: str = "context kind"

    def describe(self) -> ClusterDescription:
        issuer = self.kubernetes.issuer()
        assert issuer
        home = self.wire.send("sts:GetCallerIdentity", lambda: self.home)
        return ClusterDescription(ClusterRef(issuer, None, self.region), home, ca=CA_PEM)

    def connect(self, described: ClusterDescription) -> Any:
        raise AssertionError(f"the kubeconfig says where {described.cluster.name} is")

    def cluster_names(self) -> tuple[str, ...]:
        return ()
