# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job that proves a chain: a token as a pod has it, taken to AWS, and who AWS then says that it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..cluster.access import Access
from ..concurrency import Answers, bounded, few_at_a_time, side_by_side
from ..identity.cluster import ClusterRef
from ..identity.keys import ANNOTATION_ROLE_ARN
from ..identity.subject import Subject
from ..kube.api.client import KubernetesCluster
from ..model.association import NONE, SeenAssociations
from ..model.observed import ClusterFacts, ServiceAccount
from ..model.outcome import Outcome
from ..model.verification import Verification
from ..observe.associations import AssociationReader
from ..observe.opened import cluster_and
from ..observe.token_exchange import Prover, Trial

__all__ = ["Trial", "Verifications", "prove", "verified", "verify", "verify_many"]

ONE_GO = Trial()


@dataclass(frozen=True)
class Verifications:
    """Of many ServiceAccounts, in the order of namespaces and names."""

    cluster: ClusterRef
    items: tuple[Verification, ...]


def verify(
    subject: Subject, access: Access, trial: Trial = ONE_GO, associations: SeenAssociations | None = None
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
        )

    known, (kubernetes, account, seen) = cluster_and(access, look, "reading the cluster")
    return prove(subject, account, known, kubernetes, access, trial, seen)


def verify_many(
    access: Access,
    namespace: str | None,
    selector: str = "",
    trial: Trial = ONE_GO,
    *,
    begun: Callable[[int], None] = lambda _: None,
    done: Callable[[Verification], None] = lambda _: None,
) -> Verifications:
    """Prove the chain of each ServiceAccount of `namespace`, or with None of all, that names a role.

    `begun` is told how many there are, `done` what came of each as soon as it is known, from any thread.

    Raises:
        IamsaError: the cluster cannot be worked with, or its ServiceAccounts not be listed.
    """
    known, (kubernetes, accounts) = cluster_and(
        access,
        lambda kubernetes: (kubernetes, kubernetes.list_service_accounts(namespace, selector)),
        "listing ServiceAccounts",
    )
    prover = Prover(known, kubernetes, access, trial)
    reader = AssociationReader(access, Answers())
    named = [one for one in accounts if ANNOTATION_ROLE_ARN in one.annotations]

    def proven(account: ServiceAccount) -> Verification:
        found = prover.of(account.subject, account, reader.of(account.subject))
        done(found)
        return found

    begun(len(named))
    works = [lambda account=account: proven(account) for account in named]
    return Verifications(
        known.cluster,
        few_at_a_time("verifying the service accounts", access.deadline, works),
    )


def prove(
    subject: Subject,
    account: ServiceAccount | None,
    known: ClusterFacts,
    kubernetes: KubernetesCluster,
    access: Access,
    trial: Trial = ONE_GO,
    associations: SeenAssociations = NONE,
) -> Verification:
    """Prove the chain of a ServiceAccount that has been looked for, on a cluster that is known.

    With `associations` left out it is known to have none.
    """
    prover = Prover(known, kubernetes, access, trial)
    return bounded("verifying", lambda: prover.of(subject, account, associations), access.deadline)


def verified(outcome: Outcome, access: Access, seconds: float) -> Outcome:
    """The same outcome with the proof that its role is assumable, which is waited for so long."""
    known = replace(access, known=outcome.facts)
    return replace(
        outcome, verification=verify(outcome.subject, known, Trial(wait=seconds), outcome.associations)
    )
