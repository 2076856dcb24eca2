# SPDX-License-Identifier: GPL-3.0-or-later

"""Which cluster it is, by its source's word, and the proof that the API server is that cluster's."""

from __future__ import annotations

from ..errors import Refused
from ..kube.api.client import KubernetesCluster
from ..kube.http.tls import certificates_in
from ..model.cluster import ClusterDescription
from ..model.observed import ClusterFacts
from ..wording.text import Option
from .access import Access


def identify(described: ClusterDescription, access: Access) -> ClusterFacts:
    """The cluster and its account, without its provider; refused where the context names another account."""
    account = described.home.account
    if access.account and access.account != account:
        raise Refused(
            f"{access.title} names account {access.account}, but the AWS credentials found cluster"
            f" {access.source.name} in account {account}",
            remedy="give the " + Option("profile") + " of the right account, or another " + Option("context"),
        )
    return ClusterFacts(described.cluster, described.home, provider=None)


def prove_same(described: ClusterDescription, kubernetes: KubernetesCluster, access: Access) -> None:
    """By TLS with no other CA than both sides name, which is a cluster's own; else by the issuer.

    An overlap proves nothing by itself: a bundle may hold a company's CA, or that of another cluster.

    Raises:
        Refused: they are not proven to be the same.
    """
    connection = kubernetes.connection
    trusted, named = connection.verified_ca, certificates_in(described.ca)
    common = trusted & named
    # Where the connection trusts nothing else, each of its requests is the proof.
    if common and (common == trusted or connection.is_signed_by(common)):
        return
    issuer = kubernetes.issuer()
    if issuer == described.cluster.issuer:
        return
    cluster = described.cluster
    teller, title = (
        ("EKS", f"EKS cluster {cluster.arn}") if cluster.arn else ("its source", f"cluster {cluster.name}")
    )
    is_not = "is not" if issuer or (trusted and named) else "is not proven to be"
    if issuer:
        why = f"it has another issuer, {issuer}"
    elif not trusted:
        why = "its certificate authority is not checked, and its issuer cannot be read"
    elif not named:
        why = f"{teller} names no certificate authority, and its issuer cannot be read"
    else:
        why = "it has another certificate authority"
    raise Refused(
        f"{access.title} ({connection.server}) {is_not} the {title}: {why}",
        remedy="give the "
        + Option("context")
        + " of that cluster, or the "
        + Option("cluster_name")
        + " and "
        + Option("region")
        + " of this one",
    )
