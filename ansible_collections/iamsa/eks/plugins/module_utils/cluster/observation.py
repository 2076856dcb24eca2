# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run has read of a cluster, a role and its ServiceAccount."""

from __future__ import annotations

from dataclasses import dataclass

from ..kube.api.client import KubernetesCluster
from ..model.association import UNASKED, SeenAssociations
from ..model.observed import ClusterFacts, Observed


@dataclass(frozen=True)
class Observation:
    """What was read, and the Kubernetes side that was reached on the way."""

    cluster: ClusterFacts
    role: Observed
    kubernetes: KubernetesCluster
    associations: SeenAssociations = UNASKED
