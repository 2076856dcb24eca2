# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the cluster: that it is the one that is meant, and its OIDC provider in IAM."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...identity.cluster import host_and_path
from ...identity.keys import TAG_CLUSTER
from ...wording.text import Option
from ..evidence import Evidence
from . import doc_links
from .check import Check, Finding, create_command

# How eksctl marks what it makes: https://github.com/eksctl-io/eksctl
EKSCTL_TAG = "alpha.eksctl.io/cluster-name"

_PROVIDER_FLAG = (Option("create_oidc_provider"),)
_HOST = re.compile(r"oidc[.-]eks\.(?P<region>[a-z0-9-]+)\.[a-z0-9.]+/id/(?P<id>\w+)", re.ASCII)


def other_cluster(evidence: Evidence) -> Iterator[Finding]:
    if evidence.mismatch:
        cluster = evidence.chain.facts.cluster
        words = ("aws", "eks", "update-kubeconfig", "--name", cluster.name, "--region", cluster.region)
        yield Finding(evidence.mismatch, remedy=words)


def provider_under_other_host(evidence: Evidence) -> Iterator[Finding]:
    cluster = evidence.chain.facts
    if cluster.provider:
        return
    for provider in evidence.providers:
        url = provider.arn.partition("oidc-provider/")[2]
        if _same_cluster(url, cluster.cluster.issuer):
            what = f"IAM knows the issuer as {url}, but tokens name {cluster.cluster.claim_prefix}"
            yield Finding(what, _PROVIDER_FLAG)


def provider_missing(evidence: Evidence) -> Iterator[Finding]:
    cluster = evidence.chain.facts
    if cluster.provider is None:
        yield Finding(
            f"account {cluster.home.account} has no OIDC provider for {cluster.cluster.issuer}",
            _PROVIDER_FLAG,
        )


def audience_not_registered(evidence: Evidence) -> Iterator[Finding]:
    provider, audience = evidence.chain.facts.provider, evidence.chain.audience
    if provider and audience not in provider.audiences:
        listed = ", ".join(provider.audiences) or "nothing"
        yield Finding(f"tokens are for {audience}, and the provider takes {listed}", _PROVIDER_FLAG)


def stale_provider(evidence: Evidence) -> Iterator[Finding]:
    cluster = evidence.chain.facts.cluster
    for provider in evidence.providers:
        tags = provider.tags
        if tags.get(TAG_CLUSTER) == cluster.id or tags.get(EKSCTL_TAG) == cluster.name:
            if _same_cluster(provider.arn.partition("oidc-provider/")[2], cluster.issuer):
                continue
            words = ("aws", "iam", "delete-open-id-connect-provider", "--open-id-connect-provider-arn")
            what = f"{provider.arn} is of an earlier cluster that was called {cluster.name} too"
            yield Finding(what, remedy=(*words, provider.arn))


def _same_cluster(url: str, issuer: str) -> bool:
    """Whether two of EKS's addresses are of one cluster, which has one for IPv4 and one for both stacks."""
    one, other = _HOST.fullmatch(url), _HOST.fullmatch(host_and_path(issuer))
    return bool(one and other and one.groups() == other.groups())


CLUSTER_CHECKS = (
    Check(
        "cluster-context",
        "cluster",
        "whether the API server is the EKS cluster that is meant",
        "Nothing that is changed has an effect, or roles trust the wrong cluster.",
        "The context leads to another cluster than the one that AWS was asked about. All that is read of one"
        " says nothing of the other.",
        doc_links.KUBECONFIG,
        "Give the "
        + Option("context")
        + " of the cluster that is meant, or write one with `aws eks update-kubeconfig`.",
        other_cluster,
    ),
    Check(
        "provider-host",
        "oidcProvider",
        "whether the provider has the host that tokens name",
        "AWS says InvalidIdentityToken: no OpenIDConnect provider found, though there is one.",
        "An EKS cluster's issuer has a second address under oidc-eks.REGION.api.aws. Tokens name the first,"
        " and IAM compares the two letter by letter.",
        doc_links.PROVIDER,
        create_command(Option("create_oidc_provider")) + " registers the issuer that tokens name.",
        provider_under_other_host,
        needs=("provider", "providers"),
        after=("cluster-context", "service-account-deleting"),
    ),
    Check(
        "provider-exists",
        "oidcProvider",
        "the account's OIDC provider for the cluster's issuer",
        "AWS says InvalidIdentityToken: no OpenIDConnect provider found in your account.",
        "IAM takes tokens only of issuers that are registered in the role's account. A cluster that is made"
        " anew has a new issuer, even under the same name.",
        doc_links.PROVIDER,
        create_command(Option("create_oidc_provider")) + " registers it.",
        provider_missing,
        needs=("provider",),
        after=("cluster-context", "service-account-deleting", "provider-host"),
    ),
    Check(
        "provider-audience",
        "oidcProvider",
        "whether the provider takes the audience that tokens are for",
        "AWS says InvalidIdentityToken: incorrect token audience.",
        "The ClientIDList of the provider must hold the audience of the pods' tokens. That is"
        " sts.amazonaws.com unless the ServiceAccount's annotation says otherwise.",
        doc_links.PROVIDER,
        create_command(Option("create_oidc_provider")) + " adds the audience.",
        audience_not_registered,
        needs=("provider",),
        after=("provider-exists", "provider-host", "audience-form", "annotation-audience"),
    ),
    Check(
        "provider-stale",
        "oidcProvider",
        "providers that earlier clusters of the same name have left",
        "Roles trust an issuer that no cluster has any more.",
        "Its cluster is gone, and so are the keys that it vouches for. It counts against the quota of"
        " providers and misleads whoever writes a trust policy.",
        doc_links.PROVIDER,
        "`aws iam delete-open-id-connect-provider` removes it, once no role trusts it.",
        stale_provider,
        needs=("providers",),
        after=("cluster-context",),
        warns=True,
    ),
)
