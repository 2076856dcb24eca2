"""Opens the cluster for the ServiceAccounts of manifests, once all are valid and for this cluster."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.access import Access
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused, quoted
from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import ClusterRef
from ansible_collections.iamsa.eks.plugins.module_utils.manifest.item import (
    Manifests,
    is_named,
    refuse_other_cluster,
    refuse_twins,
)
from ansible_collections.iamsa.eks.plugins.module_utils.observe.batch import batch_access
from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Option

from ..requests.manifests import manifests_of
from ..terminal.console import Console
from .access import opened


def opened_for(
    args: argparse.Namespace, console: Console, environ: Mapping[str, str]
) -> tuple[Manifests, Access, ClusterRef]:
    """Return the manifests, and the access to their cluster, which is identified. Nothing is written.

    Raises:
        InvalidFiles: a manifest is invalid or for another cluster.
        Refused: the cluster is not the expected one.
    """
    # Read before anything else: the time limit depends on their number.
    manifests = manifests_of(args, environ)
    _none, access = opened(lambda _: None, args, environ, console)
    refuse_twins(manifests.items, access.namespace)
    if manifests.skipped:
        of_other_kinds = (
            "1 document of another kind"
            if manifests.skipped == 1
            else (f"{manifests.skipped} documents of other kinds")
        )
        console.notice(f"note: skipped {of_other_kinds}")
    for notice in manifests.notices:
        console.notice(f"note: {notice}")
    shared = batch_access(access)
    if shared.known is None:
        raise AssertionError("batch_access identifies the cluster")
    cluster = shared.known.cluster
    refuse_other_cluster(manifests.guards, cluster)
    _refuse_unexpected(args.expect_cluster, cluster)
    return manifests, shared, cluster


def _refuse_unexpected(expected: str | None, cluster: ClusterRef) -> None:
    if expected is not None and not is_named(cluster, expected):
        raise Refused(
            f"this run is on the cluster {cluster.id}, and "
            + Option("expect_cluster", expected)
            + f" expects {quoted(expected)}",
            remedy="choose the other cluster with " + Option("context"),
        )
