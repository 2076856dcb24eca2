# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of a run's reads of a cluster, a role and its ServiceAccount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..kube.api.client import KubernetesCluster
from ..model.association import UNASKED, SeenAssociations
from ..model.binding import BindingRecord
from ..model.cluster import ClusterDescription
from ..model.observed import ClusterFacts, Observed, ServiceAccount


class FirstReads(NamedTuple):
    """The reads that the reads of the role depend on, and the Kubernetes side that they used.

    `described` is None if the cluster and its provider were read before. `knows_service_account` is False if
    the ServiceAccount could not be read yet; it and `associations` are None then. `record` belongs to the
    requested kind of binding.
    """

    cluster: ClusterFacts
    kubernetes: KubernetesCluster
    service_account: ServiceAccount | None
    knows_service_account: bool = True
    associations: SeenAssociations | None = None
    described: ClusterDescription | None = None
    record: BindingRecord | None = None


@dataclass(frozen=True)
class Observation:
    """Everything that was read."""

    cluster: ClusterFacts
    observed: Observed
    kubernetes: KubernetesCluster
    associations: SeenAssociations = UNASKED
