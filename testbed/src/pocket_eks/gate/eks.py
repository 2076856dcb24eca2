"""EKS: the world's cluster and more clusters of a test, with Pod Identity associations and add-ons."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

from pocket_eks.gate.addons import Addons
from pocket_eks.gate.associations import Associations
from pocket_eks.gate.aws_calls import eks_cluster
from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.cluster_versions import VERSION, cluster_versions
from pocket_eks.gate.config import Config
from pocket_eks.gate.message import Answer, Named, Request
from pocket_eks.gate.settings import Settings

ABOUT = frozenset(
    (
        *(
            "ClientException",
            "InvalidParameterException",
            "InvalidRequestException",
            "ResourceInUseException",
        ),
        *("ResourceLimitExceededException", "ResourceNotFoundException", "ServerException"),
    )
)
"""Errors that tell what they are about (EKS API reference: Errors)."""
ASSOCIATIONS = frozenset(
    (
        *("CreatePodIdentityAssociation", "DeletePodIdentityAssociation", "DescribePodIdentityAssociation"),
        *("ListPodIdentityAssociations", "UpdatePodIdentityAssociation"),
    )
)
ADDONS = frozenset(("CreateAddon", "DeleteAddon", "DescribeAddon", "ListAddons"))


class Eks:
    """Answers all calls of EKS itself. Other operations get 501."""

    def __init__(
        self, config: Config, settings: Settings, associations: Associations, addons: Addons
    ) -> None:
        self._config = config
        self._settings = settings
        self._associations = associations
        self._addons = addons
        self._created = time.time()

    async def answer(self, request: Request, named: Named, reached: Callable[[], None]) -> Answer:
        """Return the answer to an EKS call. Raises AwsError."""
        clusters = self.clusters() if named.region == self._config.region else {}
        if named.action == "eks:ListClusters":
            return as_json({"clusters": sorted(clusters), "nextToken": None})
        if named.action == "eks:DescribeClusterVersions":
            return as_json(cluster_versions(request.query))
        name = eks_cluster(request)
        if request.path.startswith("/clusters/") and name not in clusters:
            raise AwsError("ResourceNotFoundException", f"No cluster found for name: {name}.")
        if named.action == "eks:DescribeCluster":
            return as_json({"cluster": clusters[name]})
        operation = named.action.removeprefix("eks:")
        if operation in ASSOCIATIONS:
            return as_json(await self._associations.answer(request, operation, name, reached))
        if operation in ADDONS:
            return as_json(await self._addons.answer(request, operation, name, reached))
        raise AwsError("NotImplementedException", f"{named.action} is not part of this world.")

    def clusters(self) -> dict[str, dict[str, Any]]:
        """Return Cluster structures by name, with the members from the settings."""
        found = {self._config.cluster: self._settings.cluster} | self._settings.clusters
        return {name: laid_over(self._cluster(name), members) for name, members in found.items()}

    def _cluster(self, name: str) -> dict[str, Any]:
        config = self._config
        issuer = config.issuer if name == config.cluster else f"{oidc_host(config)}/id/{hex32(name)}"
        return {
            "name": name,
            "arn": f"arn:{config.partition}:eks:{config.region}:{config.account}:cluster/{name}",
            "createdAt": self._created,
            "version": VERSION,
            "endpoint": f"https://127.0.0.1:{config.kube_port}",
            "roleArn": f"arn:{config.partition}:iam::{config.account}:role/{name}-control-plane",
            "resourcesVpcConfig": {
                "subnetIds": ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
                "securityGroupIds": [],
                "clusterSecurityGroupId": "sg-0a1b2c3d4e5f60718",
                "vpcId": "vpc-0a1b2c3d4e5f60718",
                "endpointPublicAccess": True,
                "endpointPrivateAccess": False,
                "publicAccessCidrs": ["0.0.0.0/0"],
            },
            "kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.0.0.0/24", "ipFamily": "ipv4"},
            "logging": {
                "clusterLogging": [
                    {
                        "types": ["api", "audit", "authenticator", "controllerManager", "scheduler"],
                        "enabled": False,
                    }
                ]
            },
            "identity": {"oidc": {"issuer": issuer}},
            "status": "ACTIVE",
            "certificateAuthority": {"data": base64.b64encode(config.ca.encode()).decode()},
            "platformVersion": "eks.1",
            "tags": {},
            "health": {"issues": []},
            "accessConfig": {
                "bootstrapClusterCreatorAdminPermissions": True,
                "authenticationMode": "API_AND_CONFIG_MAP",
            },
            "upgradePolicy": {"supportType": "EXTENDED"},
            "deletionProtection": False,
        }


def subjects(request: Request, code: str) -> dict[str, str]:
    """Return the members of an error that name the cluster and the add-on."""
    name = eks_cluster(request)
    if code not in ABOUT or not name:
        return {}
    kind, _, addon = request.path.removeprefix(f"/clusters/{name}/").partition("/")
    return {"clusterName": name, "addonName": addon} if kind == "addons" and addon else {"clusterName": name}


def laid_over(cluster: dict[str, Any], members: dict[str, Any]) -> dict[str, Any]:
    """Return the cluster with other members. None omits a member."""
    return {key: value for key, value in (cluster | members).items() if value is not None}


def oidc_host(config: Config) -> str:
    """Return the scheme and host of EKS issuers in this region."""
    return "https://" + config.issuer_path.split("/")[0]


def hex32(name: str) -> str:
    """Return the 32 hexadecimal digits at the end of an issuer, always the same for a name."""
    return hashlib.sha256(name.encode()).hexdigest()[:32].upper()


def as_json(body: dict[str, Any]) -> Answer:
    """Return a 200 of the REST JSON protocol."""
    return Answer(200, [(b"content-type", b"application/json")], json.dumps(body).encode())
