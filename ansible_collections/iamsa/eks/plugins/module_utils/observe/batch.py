# SPDX-License-Identifier: GPL-3.0-or-later

"""What is the same for all ServiceAccounts of a cluster, read once before many of them are worked on."""

from __future__ import annotations

from dataclasses import replace

from ..cluster.access import Access
from ..cluster.same_cluster import identify, prove_same
from ..concurrency import Answers, bounded


def batch_access(access: Access) -> Access:
    """The same way in, with the cluster, its proof and its provider known: three AWS calls at most.

    What else they have in common, policies and namespaces, is looked up by the first that needs it.

    Raises:
        Refused: the API server and the described cluster are not proven to be the same.
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
