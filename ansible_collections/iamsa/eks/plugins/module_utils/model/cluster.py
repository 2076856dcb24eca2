# SPDX-License-Identifier: GPL-3.0-or-later

"""The description of a cluster, as its source returns it."""

from __future__ import annotations

from dataclasses import dataclass

from ..identity.account import RoleHome
from ..identity.cluster import ClusterRef


@dataclass(frozen=True)
class ClusterDescription:
    """A cluster, its AWS account and its API server.

    `endpoint` is the API server's URL, `ca` its certificate authorities in PEM; each is empty if the source
    does not know it. `is_auto`: the cluster uses EKS Auto Mode, which includes the Pod Identity agent.
    Source: https://docs.aws.amazon.com/eks/latest/userguide/automode.html
    """

    cluster: ClusterRef
    home: RoleHome
    endpoint: str = ""
    ca: bytes = b""
    is_auto: bool = False
