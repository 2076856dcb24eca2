# SPDX-License-Identifier: GPL-3.0-or-later

"""An EKS cluster: the only caller of DescribeCluster."""

from __future__ import annotations

from typing import NamedTuple

from ..aws.eks import Eks
from ..model.cluster import ClusterDescription


class EksCluster(NamedTuple):
    """An EKS cluster by name; it needs no access to Kubernetes."""

    eks: Eks
    name: str

    @property
    def title(self) -> str:
        """The cluster's description in messages, if no kubeconfig context names it."""
        return f"EKS cluster {self.name}"

    def describe(self) -> ClusterDescription:
        return self.eks.describe(self.name)
