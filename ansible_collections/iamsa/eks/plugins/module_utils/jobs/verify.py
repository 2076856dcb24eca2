# SPDX-License-Identifier: GPL-3.0-or-later

"""The job of verify: send a token as a pod has it to AWS, and read the identity that AWS returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..bindings.binding import Kinds
from ..bindings.now import BoundNow, all_records, bound_now, records_of
from ..bindings.registry import KINDS
from ..cluster.access import Access
from ..concurrency import Answers, bounded, few_at_a_time, side_by_side
from ..errors import IamsaError
from ..identity.cluster import ClusterRef
from ..identity.subject import Subject
from ..kube.api.client import KubernetesCluster
from ..model.association import NONE, SeenAssociations
from ..model.desired import Binding
from ..model.observed import ClusterFacts, ServiceAccount
from ..model.verification import Verification, Verifications
from ..observe.associations import AssociationReader
from ..observe.opened import cluster_and
from ..observe.token_exchange import Prover, Trial

ONE_GO = Trial()


def verify(
    subject: Subject,
    access: Access,
    trial: Trial = ONE_GO,
    associations: SeenAssociations | None = None,
    *,
    kinds: Kinds = KINDS,
) -> Verification:
    """Verify one ServiceAccount, in 4 AWS calls and 2 Kubernetes calls if there is no problem.

    `associations` are those of the ServiceAccount, if already read.

    Raises:
        IamsaError: the cluster or the ServiceAccount could not be read. An error of the verification itself
            is the `obstacle` of the result.
    """

    def associated() -> SeenAssociations:
        return AssociationReader(access).of(subject) if associations is None else associations

    def look(kubernetes: KubernetesCluster) -> Any:
        return kubernetes, *side_by_side(
            "reading the ServiceAccount",
            access.deadline,
            lambda: kubernetes.read_service_account(subject),
            associated,
            lambda: records_of(subject, access, kinds),
        )

    known, (kubernetes, service_account, seen, records) = cluster_and(access, look, "reading the cluster")
    now = bound_now(subject, service_account, kinds, records)
    prover = Prover(known, kubernetes, access, trial)
    return bounded("verifying", lambda: prover.of(subject, service_account, now, seen), access.deadline)


def verify_many(
    access: Access,
    namespace: str | None,
    selector: str = "",
    trial: Trial = ONE_GO,
    *,
    begun: Callable[[int], None] = lambda _: None,
    done: Callable[[Verification], None] = lambda _: None,
    kinds: Kinds = KINDS,
) -> Verifications:
    """Verify each ServiceAccount of a namespace (None: of all) that names a role.

    `selector` is a label selector. `begun` receives their number, `done` each result, from any thread.

    Raises:
        IamsaError: the cluster could not be read, or its ServiceAccounts could not be listed.
    """
    known, (kubernetes, service_accounts) = cluster_and(
        access,
        lambda kubernetes: (kubernetes, kubernetes.list_service_accounts(namespace, selector)),
        "listing ServiceAccounts",
    )
    records = all_records(namespace, access, kinds)
    prover = Prover(known, kubernetes, access, trial)
    reader = AssociationReader(access, Answers())
    bound = [(one, bound_now(one.subject, one, kinds, records)) for one in service_accounts]

    def proven(service_account: ServiceAccount, now: BoundNow) -> Verification:
        found = prover.of(service_account.subject, service_account, now, reader.of(service_account.subject))
        done(found)
        return found

    works = [lambda one=one, now=now: proven(one, now) for one, now in bound if now.role is not None]
    begun(len(works))
    return Verifications(
        known.cluster,
        few_at_a_time("verifying the ServiceAccounts", access.deadline, works),
    )


def verify_each(
    bindings: Iterable[Binding],
    cluster: ClusterRef,
    access: Access,
    trial: Trial = ONE_GO,
    *,
    done: Callable[[Verification], None] = lambda _: None,
    kinds: Kinds = KINDS,
) -> Verifications:
    """Verify these ServiceAccounts of a known cluster; an error of one is the `obstacle` of its result."""

    def attempt(binding: Binding) -> Verification:
        try:
            found = verify(binding.subject, access, trial, kinds=kinds)
        except IamsaError as error:
            found = Verification(cluster, binding.subject, "", "", binding.kind, obstacle=error)
        done(found)
        return found

    works = [lambda binding=binding: attempt(binding) for binding in bindings]
    return Verifications(cluster, few_at_a_time("verifying the ServiceAccounts", access.deadline, works))


def prove(
    service_account: ServiceAccount,
    now: BoundNow,
    known: ClusterFacts,
    kubernetes: KubernetesCluster,
    access: Access,
) -> Verification:
    """Verify a ServiceAccount without associations that was read already, on a known cluster."""
    prover = Prover(known, kubernetes, access, ONE_GO)
    return bounded(
        "verifying", lambda: prover.of(service_account.subject, service_account, now, NONE), access.deadline
    )
