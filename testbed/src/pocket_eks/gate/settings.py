"""The settings that the control API can change while the world runs."""

from __future__ import annotations

from typing import Any

from pocket_eks.gate.authorization_policy import checked
from pocket_eks.gate.problem import Problem, only_keys, seconds

CLUSTER_MEMBERS = frozenset(
    (
        *("name", "arn", "id", "status", "createdAt", "version", "platformVersion", "endpoint", "roleArn"),
        *("certificateAuthority", "identity", "accessConfig", "tags", "health", "logging", "connectorConfig"),
        *("resourcesVpcConfig", "kubernetesNetworkConfig", "remoteNetworkConfig", "outpostConfig"),
        *("computeConfig", "storageConfig", "encryptionConfig", "zonalShiftConfig", "upgradePolicy"),
        *("clientRequestToken", "deletionProtection", "controlPlaneScalingConfig"),
    )
)
"""The members of EKS's Cluster structure (API reference of DescribeCluster)."""


class Settings:
    """The current settings.

    latency   delay of every call on both upstreams, in seconds
    lag       age of the data of IAM's reads, and of STS for web identities, in seconds
    policy    an identity-based IAM policy document that authorizes the user's AWS calls; None allows all
    calls
    cluster   members of EKS's Cluster that DescribeCluster returns for the world's cluster instead of its
    own;
              null omits a member: {"status": "CREATING", "identity": null}
    clusters  more clusters by name, each with such members over the defaults
    """

    def __init__(self, lag: float = 0.0, latency: float = 0.0) -> None:
        self.lag = 0.0
        self.latency = 0.0
        self.policy: dict[str, Any] | None = None
        self.cluster: dict[str, Any] = {}
        self.clusters: dict[str, dict[str, Any]] = {}
        self.change({"lag": lag, "latency": latency})

    def change(self, raw: Any) -> None:
        """Change the settings in `raw`. Raises Problem, and then changes nothing."""
        given = only_keys("A settings object", raw, ("lag", "latency", "policy", "cluster", "clusters"))
        lag = seconds("lag", given.get("lag", self.lag))
        latency = seconds("latency", given.get("latency", self.latency))
        policy = given.get("policy", self.policy)
        policy = None if policy is None else checked(policy)
        cluster = overrides("cluster", given["cluster"]) if "cluster" in given else self.cluster
        clusters = further(given["clusters"]) if "clusters" in given else self.clusters
        self.lag, self.latency, self.cluster, self.clusters = lag, latency, cluster, clusters
        self.policy = policy

    def public(self) -> dict[str, Any]:
        """Return the settings as the control API shows them."""
        return {
            "lag": self.lag,
            "latency": self.latency,
            "policy": self.policy,
            "cluster": self.cluster,
            "clusters": self.clusters,
        }


def overrides(what: str, raw: Any) -> dict[str, Any]:
    """Return members of a Cluster. null and {} mean none."""
    return dict(only_keys(what, {} if raw is None else raw, CLUSTER_MEMBERS))


def further(raw: Any) -> dict[str, dict[str, Any]]:
    """Return more clusters by name. null means none."""
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise Problem("clusters must be a JSON object of cluster names.")
    return {name: overrides(f"clusters[{name!r}]", members) for name, members in raw.items()}
