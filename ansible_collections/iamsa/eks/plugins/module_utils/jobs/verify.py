# SPDX-License-Identifier: GPL-3.0-or-later

"""The job that proves a chain: a token as a pod has it, taken to AWS, and who AWS then says that it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..bindings.binding import Kinds
from ..bindings.now import BoundNow, all_records, bound_now, records_of
from ..bindings.registry import KINDS
from ..cluster.access import Access
from ..concurrency import Answers, bounded, few_at_a_time, side_by_side
from ..identity.subject import Subject
from ..kube.api.client import KubernetesCluster
from ..model.association import NONE, SeenAssociations
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
    """Prove one chain; 4 AWS calls and 2 to Kubernetes where all is well. `associations` if they were read.

    Raises:
        IamsaError: the cluster cannot be worked with. All that is in the way of this one ServiceAccount's
            proof is in its `obstacle`.
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
    """Prove the chain of each ServiceAccount of `namespace`, or with None of all, that names a role.

    `begun` is told how many there are, `done` what came of each as soon as it is known, from any thread.

    Raises:
        IamsaError: the cluster cannot be worked with, or its ServiceAccounts not be listed.
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
        few_at_a_time("verifying the service accounts", access.deadline, works),
    )


def prove(
    service_account: ServiceAccount,
    now: BoundNow,
    known: ClusterFacts,
    kubernetes: KubernetesCluster,
    access: Access,
) -> Verification:
    """Prove the chain of a ServiceAccount that has been read, on a cluster that is known.

    It has no association.
    """
    prover = Prover(known, kubernetes, access, ONE_GO)
    return bounded(
        "verifying", lambda: prover.of(service_account.subject, service_account, now, NONE), access.deadline
    )
