# SPDX-License-Identifier: GPL-3.0-or-later

"""Read once what all ServiceAccounts of a cluster share, before many of them are processed."""

from __future__ import annotations

from dataclasses import replace

from ..cluster.access import Access
from ..cluster.same_cluster import identify, prove_same
from ..concurrency import Answers, bounded


def batch_access(access: Access) -> Access:
    """Return the same access with the cluster and its OIDC provider known, in at most three AWS calls.

    Policies and namespaces are read by the first ServiceAccount that needs them, and cached.

    Raises:
        Refused: the API server is not proven to be that of the described cluster.
    """
    return bounded("reading the cluster", lambda: _known(access), access.deadline)


def _known(access: Access) -> Access:
    described = access.source.describe()
    cluster = identify(described, access)
    kubernetes = access.kubernetes
    if kubernetes:
        prove_same(described, kubernetes, access)
    provider = access.iam.providers.read(cluster.provider_arn)
    return replace(
        access,
        kubernetes=kubernetes or access.source.connect(described),
        known=replace(cluster, provider=provider),
        answers=Answers(),
    )
