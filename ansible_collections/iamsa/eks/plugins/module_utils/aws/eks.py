# SPDX-License-Identifier: GPL-3.0-or-later

"""EKS: describe and list clusters, and make bearer tokens for their API servers.

Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html
"""

from __future__ import annotations

import base64

from ..errors import NotFound, RemoteError, ResourceRef, quoted
from ..identity.account import RoleHome
from ..identity.arn import Arn
from ..identity.cluster import ClusterRef
from ..model.cluster import ClusterDescription
from ..wording.text import Option
from .call import translated
from .session import AwsSession
from .token_signer import eks_token


class Eks:
    """The EKS clusters of the session's region. Thread-safe."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def describe(self, name: str) -> ClusterDescription:
        """The cluster, which must be ACTIVE or UPDATING and have an OIDC issuer.

        The account is that of the cluster's ARN, so GetCallerIdentity is not needed.

        Raises:
            NotFound: the cluster does not exist in the region, or has no OIDC issuer.
            Denied, RemoteError: AWS returned an error, or the cluster has another status.
        """
        region = self._session.region
        try:
            with translated("eks:DescribeCluster", ResourceRef("cluster", name)):
                found = self._session.eks.describe_cluster(name=name)["cluster"]
        except RemoteError as error:
            if error.code != "ResourceNotFoundException":
                raise
            raise NotFound(
                f"EKS cluster {name} was not found in {region} with these credentials",
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
                else "use another cluster",
                resource=ResourceRef("cluster", name),
            )
        issuer = found.get("identity", {}).get("oidc", {}).get("issuer")
        if not issuer:
            raise NotFound(
                f"EKS cluster {name} in {region} has no OIDC issuer",
                remedy="IAM roles for service accounts require an OIDC issuer, which EKS clusters have from"
                " Kubernetes 1.13 on",
                resource=ResourceRef("cluster", name),
            )
        ca = found.get("certificateAuthority", {}).get("data", "")
        try:
            pem = base64.b64decode(ca, validate=True)
        except ValueError as error:
            raise RemoteError(
                f"EKS returned a certificate authority for {name} that is not valid base64"
            ) from error
        arn = Arn.parse(found["arn"])
        if arn is None:
            raise RemoteError(f"EKS returned an invalid cluster ARN: {quoted(found['arn'])}")
        return ClusterDescription(
            ClusterRef(issuer=issuer, arn=found["arn"], region=arn.region),
            RoleHome(arn.partition, arn.account),
            endpoint=found.get("endpoint", ""),
            ca=pem,
            is_auto=bool(found.get("computeConfig", {}).get("enabled")),
        )

    def cluster_names(self) -> tuple[str, ...]:
        """The names of the region's clusters; raises Denied or RemoteError."""
        with translated("eks:ListClusters"):
            pages = self._session.eks.get_paginator("list_clusters").paginate()
            return tuple(name for page in pages for name in page["clusters"])

    def token(self, name: str) -> str:
        """A bearer token for the API server, valid for 15 minutes."""
        return eks_token(self._session, name)
