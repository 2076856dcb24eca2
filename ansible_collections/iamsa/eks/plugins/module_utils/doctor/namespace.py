# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what doctor needs of a whole namespace."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from ..bindings.binding import Kinds
from ..bindings.now import all_records, bound_now
from ..cluster.access import Access
from ..concurrency import besides
from ..deadline import Deadline
from ..errors import Denied, IamsaError, NotFound, ResourceRef
from ..identity.subject import Subject
from ..kube.api.client import KubernetesCluster
from ..kube.api.diagnostics import Diagnostics
from ..model.observed import ServiceAccount
from ..model.pods import Pod
from ..wording.text import Option


def require_namespace(kubernetes: KubernetesCluster, namespace: str) -> None:
    """Raise NotFound if the namespace does not exist; if reading it is denied, assume that it exists."""
    try:
        labels = Diagnostics(kubernetes).namespace_labels(namespace)
    except Denied:
        return
    if labels is None:
        raise NotFound(
            f"namespace {namespace} does not exist",
            remedy="check "
            + Option("namespace", brief=True)
            + ", or give "
            + Option("all_namespaces", brief=True)
            + " for all",
            resource=ResourceRef("namespace", namespace),
        )


def bound_names(
    kubernetes: KubernetesCluster, namespace: str, access: Access, kinds: Kinds
) -> tuple[str, ...]:
    """Names of the namespace's ServiceAccounts that are bound to a role; () if they cannot be listed."""

    def listed() -> list[ServiceAccount]:
        records = all_records(namespace, access, kinds)
        service_accounts = kubernetes.list_service_accounts(namespace)
        return [
            one for one in service_accounts if bound_now(one.subject, one, kinds, records).role is not None
        ]

    try:
        found = besides("listing", listed, access.deadline)
    except IamsaError:
        return ()
    return tuple(one.subject.name for one in found)


def pods_by_service_account(
    kubernetes: KubernetesCluster, namespace: str | None, deadline: Deadline
) -> dict[Subject, tuple[Pod, ...]] | None:
    """The pods of a namespace, or of all if it is None; None if listing them is denied.

    Raises:
        IamsaError: listing the pods failed for another reason.
    """
    try:
        pods = besides("listing the pods", partial(Diagnostics(kubernetes).all_pods, namespace), deadline)
    except Denied:
        return None
    found: dict[Subject, list[Pod]] = defaultdict(list)
    for pod in pods:
        found[Subject(pod.namespace, pod.spec.service_account)].append(pod)
    return {subject: tuple(pods) for subject, pods in found.items()}
