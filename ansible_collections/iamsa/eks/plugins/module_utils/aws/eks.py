# SPDX-License-Identifier: GPL-3.0-or-later

"""EKS: the cluster as DescribeCluster shows it, and the bearer token its API server takes."""

from __future__ import annotations

import base64

from ..errors import NotFound, RemoteError, ResourceRef
from ..identity.account import RoleHome
from ..identity.arn import Arn
from ..identity.cluster import ClusterRef
from ..model.cluster import ClusterDescription
from ..wording.text import Option
from .call import translated
from .session import AwsSession
from .token_signer import eks_token


class Eks:
    """The clusters of the session's region; for any number of threads."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def describe(self, name: str) -> ClusterDescription:
        """The cluster, if it can be worked with: ACTIVE or UPDATING, with an OIDC issuer.

        Its account is the one of its ARN: GetCallerIdentity is not needed.

        Raises:
            NotFound: there is no cluster of that name in the region, or it has no OIDC issuer.
            RemoteError: it is not in a state to be worked with, or AWS answered with an error.
        """
        region = self._session.region
        try:
            with translated("eks:DescribeCluster", ResourceRef("cluster", name)):
                found = self._session.eks.describe_cluster(name=name)["cluster"]
        except RemoteError as error:
            if error.code != "ResourceNotFoundException":
                raise
            raise NotFound(
                f"there is no EKS cluster {name} in {region} for these credentials",
                remedy="check "
                + Option("cluster_name")
                + ", "
                + Option("region")
                + " and "
                + Option("profile"),
                resource=ResourceRef("cluster", name),
            ) from error
        status = found.get("status", "")
        if status not in ("ACTIVE", "UPDATING"):
            raise RemoteError(
                f"EKS cluster {name} in {region} is {status}",
                code=status,
                remedy="wait until it is ACTIVE"
                if status in ("CREATING", "PENDING")
                else "choose another cluster",
                resource=ResourceRef("cluster", name),
            )
        issuer = found.get("identity", {}).get("oidc", {}).get("issuer")
        if not issuer:
            raise NotFound(
                f"EKS cluster {name} in {region} has no OIDC issuer",
                remedy="roles for service accounts need one: clusters of Kubernetes 1.13 and later have it",
                resource=ResourceRef("cluster", name),
            )
        ca = found.get("certificateAuthority", {}).get("data", "")
        try:
            pem = base64.b64decode(ca, validate=True)
        except ValueError as error:
            raise RemoteError(f"EKS sent a certificate authority for {name} that is not base64") from error
        arn = Arn.parse(found["arn"])
        if arn is None:
            raise RemoteError(f"EKS sent a cluster ARN that is none: {found['arn']!r}")
        return ClusterDescription(
            ClusterRef(issuer=issuer, arn=found["arn"], region=arn.region),
            RoleHome(arn.partition, arn.account),
            endpoint=found.get("endpoint", ""),
            ca=pem,
            is_auto=bool(found.get("computeConfig", {}).get("enabled")),
        )

    def cluster_names(self) -> tuple[str, ...]:
        """Of the region's clusters; RemoteError or Denied where they cannot be listed."""
        with translated("eks:ListClusters"):
            pages = self._session.eks.get_paginator("list_clusters").paginate()
            return tuple(name for page in pages for name in page["clusters"])

    def token(self, name: str) -> str:
        """A bearer token for the API server; good for 15 minutes."""
        return eks_token(self._session, name)
