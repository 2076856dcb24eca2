# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run has read of a cluster, a role and its ServiceAccount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..kube.api.client import KubernetesCluster
from ..model.association import UNASKED, SeenAssociations
from ..model.binding import BindingRecord
from ..model.cluster import ClusterDescription
from ..model.observed import ClusterFacts, Observed, ServiceAccount


class FirstReads(NamedTuple):
    """What the reads of a role depend on, and the Kubernetes side that was reached on the way.

    `described` is None where the cluster was read before, with its provider. `knows_service_account` is False
    where the ServiceAccount could not be asked for yet: it is None then, as `associations` are.
    `record` is what the kind of binding that is asked for keeps of its own.
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
    """All that was read."""

    cluster: ClusterFacts
    observed: Observed
    kubernetes: KubernetesCluster
    associations: SeenAssociations = UNASKED
