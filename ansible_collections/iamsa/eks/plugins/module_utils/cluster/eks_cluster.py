# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster that EKS runs, as DescribeCluster shows it: the one caller of it."""

from __future__ import annotations

from typing import NamedTuple

from ..aws.eks import Eks
from ..model.cluster import ClusterDescription


class EksCluster(NamedTuple):
    """A cluster by its name in EKS; nothing of Kubernetes is needed to know it."""

    eks: Eks
    name: str

    @property
    def title(self) -> str:
        """How to call it in a sentence, where no context of a kubeconfig does."""
        return f"EKS cluster {self.name}"

    def describe(self) -> ClusterDescription:
        return self.eks.describe(self.name)
