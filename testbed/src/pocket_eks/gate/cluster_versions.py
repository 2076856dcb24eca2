"""The Kubernetes versions that EKS offers, for clients that check them first, such as eksctl.

EKS API reference: DescribeClusterVersions. EKS User Guide, "Kubernetes versions on EKS": 14 months of
standard support, then 12 of extended support. The dates here follow that rule, but are not EKS's own.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from pocket_eks.gate.eks_json import Json, page

VERSION = "1.35"
"""The default version, which all clusters have."""

OFFERED = (VERSION, "1.34", "1.33", "1.32", "1.31", "1.30")
STANDARD = 3
"""The number of versions in standard support."""


def cluster_versions(query: dict[str, str]) -> Json:
    """Return the answer to DescribeClusterVersions. Raises AwsError.

    Only the last of a repeated parameter is used, so a client can request one version or all.
    """
    every = [version(number, name) for number, name in enumerate(OFFERED)]
    found = [
        one
        for one in every
        if query.get("clusterVersions", one["clusterVersion"]) == one["clusterVersion"]
        and query.get("versionStatus", one["versionStatus"]) == one["versionStatus"]
        and (query.get("defaultOnly") != "true" or one["defaultVersion"])
    ]
    shown, more = page(found, query)
    return {"clusterVersions": shown, "nextToken": more}


def version(number: int, name: str) -> dict[str, Any]:
    """Return one ClusterVersionInformation. `number` is the number of newer versions."""
    released = datetime(2026, 1, 27, tzinfo=timezone.utc).timestamp() - number * 120 * 86400
    standard = number < STANDARD
    return {
        "clusterVersion": name,
        "clusterType": "eks",
        "defaultPlatformVersion": "eks.1",
        "defaultVersion": name == VERSION,
        "releaseDate": released,
        "endOfStandardSupportDate": released + 426 * 86400,
        "endOfExtendedSupportDate": released + 791 * 86400,
        "status": "standard-support" if standard else "extended-support",
        "versionStatus": "STANDARD_SUPPORT" if standard else "EXTENDED_SUPPORT",
        "kubernetesPatchVersion": f"{name}.0",
    }
