# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster as its source describes it."""

from __future__ import annotations

from dataclasses import dataclass

from ..identity.account import RoleHome
from ..identity.cluster import ClusterRef


@dataclass(frozen=True)
class ClusterDescription:
    """Issuer, name and region, and the ARN where EKS runs it; the account it is in; and its API server.

    `endpoint` is the API server's address, `ca` its certificate authorities as PEM; each is empty where the
    source does not know it. `is_auto`: whether it runs in EKS Auto Mode, which brings the Pod Identity agent.
    Source: https://docs.aws.amazon.com/eks/latest/userguide/automode.html
    """

    cluster: ClusterRef
    home: RoleHome
    endpoint: str = ""
    ca: bytes = b""
    is_auto: bool = False
