# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the cluster's identity and of its OIDC provider in IAM."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...identity.cluster import host_and_path
from ...identity.keys import TAG_CLUSTER
from ...wording.text import Option
from ..evidence import Evidence
from . import doc_links, symptoms
from .check import Check, Finding, create_command

# The tag that eksctl sets: https://github.com/eksctl-io/eksctl
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
            what = f"the OIDC provider is for {url}, but tokens name {cluster.cluster.claim_prefix}"
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
        accepted = ", ".join(provider.audiences) or "no audience"
        what = f"tokens have the audience {audience}, but the OIDC provider accepts {accepted}"
        yield Finding(what, _PROVIDER_FLAG)


def stale_provider(evidence: Evidence) -> Iterator[Finding]:
    cluster = evidence.chain.facts.cluster
    for provider in evidence.providers:
        tags = provider.tags
        if tags.get(TAG_CLUSTER) == cluster.id or tags.get(EKSCTL_TAG) == cluster.name:
            if _same_cluster(provider.arn.partition("oidc-provider/")[2], cluster.issuer):
                continue
            words = ("aws", "iam", "delete-open-id-connect-provider", "--open-id-connect-provider-arn")
            what = f"{provider.arn} belongs to a deleted cluster with the name {cluster.name}"
            yield Finding(what, remedy=(*words, provider.arn))


def _same_cluster(url: str, issuer: str) -> bool:
    """Whether two issuer hosts are the same EKS cluster's, which has one for IPv4 and one for dual stack."""
    one, other = _HOST.fullmatch(url), _HOST.fullmatch(host_and_path(issuer))
    return bool(one and other and one.groups() == other.groups())


CLUSTER_CHECKS = (
    Check(
        "cluster-context",
        "cluster",
        "the kubeconfig context points to the selected EKS cluster",
        symptoms.OTHER_CLUSTER,
        "The kubeconfig context and the AWS settings select two different clusters. The other checks need"
        " both to be the same cluster.",
        doc_links.KUBECONFIG,
        "Select the context of the cluster with "
        + Option("context")
        + ", or run `aws eks update-kubeconfig --name CLUSTER` to create one.",
        other_cluster,
    ),
    Check(
        "provider-host",
        "oidcProvider",
        "the OIDC provider has the same host as the issuer in tokens",
        symptoms.NO_PROVIDER,
        "The issuer of an EKS cluster has a second host name under oidc-eks.REGION.api.aws. Tokens name the"
        " first one, and IAM requires an exact match.",
        doc_links.PROVIDER,
        "Run " + create_command(Option("create_oidc_provider")) + " to register the issuer that tokens name.",
        provider_under_other_host,
        needs=("provider", "providers"),
        after=("cluster-context", "service-account-deleting"),
    ),
    Check(
        "provider-exists",
        "oidcProvider",
        "the AWS account has an OIDC provider for the cluster's issuer",
        symptoms.NO_PROVIDER,
        "IAM accepts tokens only from issuers that are registered in the role's AWS account. A cluster that"
        " was deleted and created again has a new issuer, even if its name is the same.",
        doc_links.PROVIDER,
        "Run " + create_command(Option("create_oidc_provider")) + " to register the issuer.",
        provider_missing,
        needs=("provider",),
        after=("cluster-context", "service-account-deleting", "provider-host"),
    ),
    Check(
        "provider-audience",
        "oidcProvider",
        "the OIDC provider accepts the audience of tokens",
        symptoms.WRONG_AUDIENCE,
        "The audiences (ClientIDList) of the OIDC provider must include the audience of the pods' tokens. It"
        " is sts.amazonaws.com, unless an annotation of the ServiceAccount sets another one.",
        doc_links.PROVIDER,
        "Run " + create_command(Option("create_oidc_provider")) + " to add the audience.",
        audience_not_registered,
        needs=("provider",),
        after=("provider-exists", "provider-host", "audience-form", "annotation-audience"),
    ),
    Check(
        "provider-stale",
        "oidcProvider",
        "IAM has no OIDC provider of a deleted cluster with the same name",
        symptoms.LEFT_PROVIDER,
        "The cluster of this OIDC provider no longer exists, so no new tokens can match it. It uses up the"
        " account's quota of OIDC providers and is easily mistaken for the current one.",
        doc_links.PROVIDER,
        "Make sure that no role trusts the provider, then run"
        " `aws iam delete-open-id-connect-provider --open-id-connect-provider-arn ARN`.",
        stale_provider,
        needs=("providers",),
        after=("cluster-context",),
        warns=True,
    ),
)
