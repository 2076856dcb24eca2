# SPDX-License-Identifier: GPL-3.0-or-later

"""Identify the cluster, and verify that the API server belongs to it."""

from __future__ import annotations

from ..errors import Refused
from ..kube.api.client import KubernetesCluster
from ..kube.http.tls import certificates_in
from ..model.cluster import ClusterDescription
from ..model.observed import ClusterFacts
from ..wording.text import Option
from .access import Access


def identify(described: ClusterDescription, access: Access) -> ClusterFacts:
    """The cluster and its account, without its provider.

    Raises:
        Refused: the context names another account.
    """
    account = described.home.account
    if access.account and access.account != account:
        raise Refused(
            f"{access.title} names account {access.account}, but with these AWS credentials cluster"
            f" {access.source.name} is in account {account}",
            remedy="use a " + Option("profile") + " for the right account, or another " + Option("context"),
        )
    return ClusterFacts(described.cluster, described.home, provider=None)


def prove_same(described: ClusterDescription, kubernetes: KubernetesCluster, access: Access) -> None:
    """Verify by the cluster's own CA, if the connection trusts no other; else by the issuer.

    A common CA alone proves nothing: a bundle may contain a company's CA, or that of another cluster.

    Raises:
        Refused: the API server belongs to another cluster, or this could not be verified.
    """
    connection = kubernetes.connection
    trusted, named = connection.verified_ca, certificates_in(described.ca)
    common = trusted & named
    # If the connection trusts no other CA, TLS verifies every request.
    if common and (common == trusted or connection.is_signed_by(common)):
        return
    issuer = kubernetes.issuer()
    if issuer == described.cluster.issuer:
        return
    cluster = described.cluster
    owner, title = (
        ("EKS", f"EKS cluster {cluster.arn}") if cluster.arn else ("its source", f"cluster {cluster.name}")
    )
    is_not = "is not" if issuer or (trusted and named) else "could not be verified to be"
    if issuer:
        why = f"its issuer is {issuer}"
    elif not trusted:
        why = "its certificate authority is not verified, and its issuer cannot be read"
    elif not named:
        why = f"{owner} provides no certificate authority, and its issuer cannot be read"
    else:
        why = "it has a different certificate authority"
    raise Refused(
        f"{access.title} ({connection.server}) {is_not} {title}: {why}",
        remedy="use the "
        + Option("context")
        + " of that cluster, or the "
        + Option("cluster_name")
        + " and "
        + Option("region")
        + " of this one",
    )
