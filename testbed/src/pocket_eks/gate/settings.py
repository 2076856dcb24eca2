"""The settings that the control API can change while the world runs."""

from __future__ import annotations

from typing import Any

from pocket_eks.gate.authorization_policy import checked
from pocket_eks.gate.problem import Problem, count, only_keys, seconds

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


IDENTITY = "identity-based policy"
KINDS = {
    "resource_control_policy": "resource control policy",
    "service_control_policy": "service control policy",
    "endpoint_policy": "VPC endpoint policy",
    "resource_policy": "resource-based policy",
    "policy": IDENTITY,
    "permissions_boundary": "permissions boundary",
    "session_policy": "session policy",
}
"""The settings that hold a policy, and what AWS calls its kind, in the order in which AWS evaluates them (IAM
User Guide: "Policy evaluation logic")."""

QUOTAS = {
    "InstanceProfilesPerAccount": 1000,
    "OpenIdConnectProvidersPerAccount": 100,
    "RolesPerAccount": 1000,
}
"""Those of an account that has asked for no more (IAM User Guide: "IAM and AWS STS quotas")."""

CHOICES = {"unregistered_providers": ("accepted", "refused"), "webhook_cache": ("fresh", "frozen")}
"""Settings that are a choice of words; the first is in force until another is set."""


class Settings:
    """The current settings.

    latency   delay of every call on both upstreams, in seconds
    lag       age of the data of IAM's reads, and of STS for web identities, in seconds
    policy    an identity-based IAM policy document that authorizes the user's AWS calls; None allows all
    service_control_policy, resource_control_policy, endpoint_policy, resource_policy, permissions_boundary,
    session_policy
              more policy documents; each of them must allow a call, too
    cluster   members of EKS's Cluster that DescribeCluster returns for the world's cluster instead; null
              omits a member: {"status": "CREATING", "identity": null}
    clusters  more clusters by name, each with such members over the defaults
    quotas    quotas of the account by IAM's name for them, instead of QUOTAS
    unregistered_providers
              whether a trust policy may name an OIDC provider that does not exist: "accepted", since AWS has
              not been observed to reject it, or "refused"
    webhook_cache
              "fresh", or "frozen" if the pod identity webhook uses the ServiceAccounts as of this setting
    """

    def __init__(self, lag: float = 0.0, latency: float = 0.0) -> None:
        self.lag = 0.0
        self.latency = 0.0
        self.cluster: dict[str, Any] = {}
        self.clusters: dict[str, dict[str, Any]] = {}
        self.quotas: dict[str, int] = {}
        self.unregistered_providers, self.webhook_cache = (words[0] for words in CHOICES.values())
        self._policies: dict[str, dict[str, Any] | None] = dict.fromkeys(KINDS)
        self.change({"lag": lag, "latency": latency})

    @property
    def policy(self) -> dict[str, Any] | None:
        """Return the user's identity-based policy."""
        return self._policies["policy"]

    def policies(self) -> dict[str, dict[str, Any] | None]:
        """Return the policies by AWS's name for their kind, None for those that are not set."""
        return {kind: self._policies[name] for name, kind in KINDS.items()}

    def quota(self, name: str) -> int:
        """Return a quota of the account, by IAM's name."""
        return self.quotas.get(name, QUOTAS[name])

    def change(self, raw: Any) -> None:
        """Change the settings in `raw`. Raises Problem, and then changes nothing."""
        known = ("lag", "latency", "cluster", "clusters", "quotas", *KINDS, *CHOICES)
        given = only_keys("A settings object", raw, known)
        lag = seconds("lag", given.get("lag", self.lag))
        latency = seconds("latency", given.get("latency", self.latency))
        policies = {
            name: None if given[name] is None else checked(given[name]) for name in KINDS if name in given
        }
        cluster = overrides("cluster", given["cluster"]) if "cluster" in given else self.cluster
        clusters = further(given["clusters"]) if "clusters" in given else self.clusters
        quotas = counts(given["quotas"]) if "quotas" in given else self.quotas
        words = {name: choice(name, given[name]) for name in CHOICES if name in given}
        self.lag, self.latency, self.cluster, self.clusters = lag, latency, cluster, clusters
        self.quotas = quotas
        self._policies.update(policies)
        self.unregistered_providers = words.get("unregistered_providers", self.unregistered_providers)
        self.webhook_cache = words.get("webhook_cache", self.webhook_cache)

    def public(self) -> dict[str, Any]:
        """Return the settings as the control API shows them."""
        return {
            "lag": self.lag,
            "latency": self.latency,
            **self._policies,
            "cluster": self.cluster,
            "clusters": self.clusters,
            "quotas": self.quotas,
            "unregistered_providers": self.unregistered_providers,
            "webhook_cache": self.webhook_cache,
        }


def choice(name: str, raw: Any) -> str:
    """Return one of the words that a setting can have. null means the first one."""
    if raw is None:
        return CHOICES[name][0]
    if raw not in CHOICES[name]:
        raise Problem(f"{name} must be one of {', '.join(CHOICES[name])}; got {raw!r}.")
    return str(raw)


def counts(raw: Any) -> dict[str, int]:
    """Return quotas by name. null means AWS's defaults."""
    given = only_keys("quotas", {} if raw is None else raw, QUOTAS)
    return {name: count(f"The quota {name}", value, 0) for name, value in given.items()}


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
