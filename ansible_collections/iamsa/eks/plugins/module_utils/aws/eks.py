# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EKS: the cluster as DescribeCluster shows it, and the bearer token its API server takes."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from ..errors import NotFound, RemoteError
from ..identity.account import RoleHome
from ..identity.arn import Arn
from ..identity.cluster import ClusterRef
from .call import translated
from .pod_identity import PodIdentity
from .token_signer import eks_token


@dataclass(frozen=True)
class EksCluster:
    """A usable cluster: ACTIVE or UPDATING, with an OIDC issuer; `ca` is PEM.

    `is_auto`: whether it runs in EKS Auto Mode, which brings the Pod Identity agent.
    Source: https://docs.aws.amazon.com/eks/latest/userguide/automode.html
    """

    arn: str
    endpoint: str
    ca: bytes
    issuer: str
    is_auto: bool = False

    def identity(self) -> tuple[ClusterRef, RoleHome]:
        """Cluster and account by the ARN alone: GetCallerIdentity is not needed.

        Raises:
            RemoteError: what EKS sent as the ARN is none.
        """
        arn = Arn.parse(self.arn)
        if arn is None:
            raise RemoteError(f"EKS sent a cluster ARN that is none: {self.arn!r}")
        cluster = ClusterRef(issuer=self.issuer, arn=self.arn, region=arn.region)
        return cluster, RoleHome(arn.partition, arn.account)


class Eks(PodIdentity):
    """For any number of threads."""

    @property
    def profile(self) -> str:
        """The AWS profile that a flag or the kubeconfig names; "" where that is left to the environment."""
        return self._session.profile or ""

    def describe(self, name: str) -> EksCluster:
        """The cluster, if it can be worked with.

        Raises:
            NotFound: there is no cluster of that name in the region, or it has no OIDC issuer.
            RemoteError: it is not in a state to be worked with, or AWS answered with an error.
        """
        region = self._session.region
        try:
            with translated("eks:DescribeCluster", f"cluster {name}"):
                found = self._session.eks.describe_cluster(name=name)["cluster"]
        except RemoteError as error:
            if error.code != "ResourceNotFoundException":
                raise
            raise NotFound(
                f"there is no EKS cluster {name} in {region} for these credentials",
                remedy="check --cluster-name, --region and --profile",
                resource=f"cluster/{name}",
            ) from error
        status = found.get("status", "")
        if status not in ("ACTIVE", "UPDATING"):
            raise RemoteError(
                f"EKS cluster {name} in {region} is {status}",
                code=status,
                remedy="wait until it is ACTIVE"
                if status in ("CREATING", "PENDING")
                else "choose another cluster",
                resource=f"cluster/{name}",
            )
        issuer = found.get("identity", {}).get("oidc", {}).get("issuer")
        if not issuer:
            raise NotFound(
                f"EKS cluster {name} in {region} has no OIDC issuer",
                remedy="roles for service accounts need one: clusters of Kubernetes 1.13 and later have it",
                resource=f"cluster/{name}",
            )
        ca = found.get("certificateAuthority", {}).get("data", "")
        try:
            pem = base64.b64decode(ca, validate=True)
        except ValueError as error:
            raise RemoteError(f"EKS sent a certificate authority for {name} that is not base64") from error
        return EksCluster(
            arn=found["arn"],
            endpoint=found.get("endpoint", ""),
            ca=pem,
            issuer=issuer,
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
