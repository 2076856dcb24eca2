# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what doctor checks once for all ServiceAccounts of a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..cluster.access import Access
from ..cluster.same_cluster import identify, prove_same
from ..concurrency import few_at_a_time
from ..errors import Refused
from ..identity.cluster import host_and_path
from ..identity.subject import Subject
from ..kube.api.client import KubernetesCluster
from ..kube.api.diagnostics import Diagnostics
from ..model.association import Association
from ..model.cluster import ClusterDescription
from ..model.observed import ClusterFacts
from ..model.role import Provider
from ..model.webhook import Webhook
from ..observe.associations import AllAssociations, AssociationReader
from ..policy.limits import Quotas
from ..wording.text import Sentence
from .evidence import Part
from .partial_reads import PartialReads

# Limits the number of calls in accounts with many clusters.
MOST_PROVIDERS = 20
_OTHER_CLUSTER = "the context points to another cluster"
_AGENT = ("kube-system", "eks-pod-identity-agent")


@dataclass(frozen=True)
class ClusterEvidence:
    """See Evidence for the fields; `associated` are the cluster's associations, without roles."""

    facts: ClusterFacts
    mismatch: Sentence = ""
    unread: Mapping[Part, Sentence] = field(default_factory=dict)
    providers: tuple[Provider, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    quotas: Quotas | None = None
    associated: Mapping[Subject, Association] = field(default_factory=dict)
    has_agent: bool = False


def read_cluster_evidence(
    described: ClusterDescription, kubernetes: KubernetesCluster, access: Access
) -> ClusterEvidence:
    """Read the cluster; nothing is read if the context does not point to the selected EKS cluster."""
    cluster = ClusterFacts(described.cluster, described.home, provider=None)
    try:
        identify(described, access)
        prove_same(described, kubernetes, access)
    except Refused as refused:
        parts: tuple[Part, ...] = ("provider", "providers", "webhooks", "quota", "associations", "agent")
        return ClusterEvidence(cluster, refused.problem, dict.fromkeys(parts, _OTHER_CLUSTER))
    return _read(cluster, described, kubernetes, access)


def _read(
    cluster: ClusterFacts, described: ClusterDescription, kubernetes: KubernetesCluster, access: Access
) -> ClusterEvidence:
    iam, reader = access.iam, AssociationReader(access)
    looks = PartialReads(access.deadline)
    arn = cluster.provider_arn
    looks.add("provider", lambda: iam.providers.read(arn), None)
    looks.add("providers", lambda: _other_providers(cluster, arn, access), ())
    looks.add("webhooks", Diagnostics(kubernetes).webhooks, ())
    looks.add("quota", iam.roles.quotas, None)
    looks.add("associations", lambda: reader.all(None), AllAssociations({}))
    provider, providers, webhooks, quotas, associations = looks.done("reading the cluster")
    associated = associations.by_subject
    if associations.unread:
        looks.unread["associations"] = associations.unread
    has_agent = described.is_auto
    if associated and not has_agent:
        has_agent = looks.attempt("agent", lambda: _has_agent(kubernetes, access), False)
    if quotas is None:
        looks.unread.setdefault("quota", "no permission to read the account's quotas")
    return ClusterEvidence(
        replace(cluster, provider=provider),
        unread=looks.unread,
        providers=providers,
        webhooks=webhooks,
        quotas=quotas,
        associated=associated,
        has_agent=has_agent,
    )


def _other_providers(cluster: ClusterFacts, arn: str, access: Access) -> tuple[Provider, ...]:
    """The account's other OIDC providers for EKS clusters in the region, with their tags."""
    region = f".{cluster.cluster.region}."
    listed = [
        one
        for one in access.iam.providers.arns()
        if one != arn and region in host_and_path(one.partition("oidc-provider/")[2]).partition("/")[0]
    ]
    works = [lambda one=one: access.iam.providers.read(one) for one in listed[:MOST_PROVIDERS]]
    found = few_at_a_time("reading OIDC providers", access.deadline, works) if works else ()
    return tuple(one for one in found if one)


def _has_agent(kubernetes: KubernetesCluster, access: Access) -> bool:
    by_addon = access.pod_identity.has_addon() if access.pod_identity else False
    return by_addon or Diagnostics(kubernetes).has_daemon_set(*_AGENT)
