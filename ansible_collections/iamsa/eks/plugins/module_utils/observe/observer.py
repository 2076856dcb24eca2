# SPDX-License-Identifier: GPL-3.0-or-later

"""All reads of one run; independent reads run concurrently."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from ..bindings.binding import BindingKind
from ..cluster.access import Access
from ..cluster.observation import FirstReads, Observation
from ..cluster.same_cluster import identify, prove_same
from ..concurrency import Answers, side_by_side
from ..identity.account import RoleHome
from ..kube.api.client import KubernetesCluster
from ..model.association import SeenAssociations
from ..model.binding import BindingRecord
from ..model.desired import Desired
from ..model.observed import ClusterFacts, NamespaceState, Observed, ServiceAccount
from ..model.role import Provider
from ..plan.role_choice import choose_role
from ..trust.statements import names_pods
from .associations import AssociationReader


class RoleReads(Protocol):
    """The reads that differ between a role to create or update and a role to delete."""

    def provider(self, cluster: ClusterFacts) -> Provider | None:
        """Read the OIDC provider, if the run needs it."""

    def associations(self) -> SeenAssociations:
        """Read the associations of the ServiceAccount, if the run needs them."""

    def read(self, name: str) -> Observed:
        """Read the role of this name and its policies."""

    def early(self, home: RoleHome, bound: str | None) -> Observed | None:
        """Read what can be read concurrently with the role; None if there is nothing to read."""

    def completed(self, seen: Observed, home: RoleHome, early: Observed | None) -> Observed:
        """Return `seen` with everything that depends on the role."""


class Observer:
    """The reads of a run, in two waves.

    If nothing has to change, the longest chain of dependent calls is two.
    """

    def __init__(self, desired: Desired, access: Access, kind: BindingKind, reads: RoleReads) -> None:
        self._desired = desired
        self._reads = reads
        self._kind = kind
        self._access = access
        self._answers = access.answers or Answers()
        self._associations = AssociationReader(access, access.answers)

    def first_wave(self) -> FirstReads:
        """Read the cluster, the ServiceAccount and its binding.

        Raises:
            IamsaError: the cluster or the ServiceAccount cannot be read.
        """
        access, kubernetes = self._access, self._access.kubernetes
        if access.known and kubernetes:
            # In a batch, the shared facts were read before.
            service_account, record = self._together(
                "reading the ServiceAccount",
                partial(self._read_service_account, kubernetes),
                self._read_record,
            )
            return FirstReads(access.known, kubernetes, service_account, record=record)
        described, associations, record, *service_accounts = self._together(
            "reading the cluster",
            access.source.describe,
            self._reads.associations,
            self._read_record,
            *([partial(self._read_service_account, kubernetes)] if kubernetes else []),
        )
        return FirstReads(
            kubernetes=kubernetes or access.source.connect(described),
            cluster=identify(described, access),
            service_account=service_accounts[0] if service_accounts else None,
            knows_service_account=bool(service_accounts),
            associations=associations,
            described=described,
            record=record,
        )

    def second_wave(self, first: FirstReads) -> Observation:
        """Read the role and everything else.

        Raises:
            Refused: the API server is not proven to be that of the described cluster.
        """
        cluster, kubernetes, service_account = first.cluster, first.kubernetes, first.service_account
        bound = self._kind.bound_role(service_account, first.record)
        guess = choose_role(self._desired, cluster, service_account, bound).name
        _proof, provider, associations, observed, early, service_account, namespace = self._together(
            "reading the role",
            # First, so that its error precedes errors about the role of a wrong cluster.
            lambda: self._prove_same(first),
            lambda: self._reads.provider(cluster) if first.described else cluster.provider,
            lambda: first.associations or self._reads.associations(),
            lambda: self._reads.read(guess),
            lambda: self._reads.early(cluster.home, bound) if first.knows_service_account else None,
            lambda: (
                service_account if first.knows_service_account else self._read_service_account(kubernetes)
            ),
            lambda: (
                self._namespace_state(kubernetes)
                if first.knows_service_account and not service_account
                else "active"
            ),
        )
        if not first.knows_service_account:
            bound = self._kind.bound_role(service_account, first.record)
            chosen = choose_role(self._desired, cluster, service_account, bound).name
            if chosen != guess:
                observed = self._reads.read(chosen)
            if service_account is None:
                namespace = self._namespace_state(kubernetes)
        observed = self._placed(observed, service_account, namespace, first.record)
        observed = self._with_use(self._reads.completed(observed, cluster.home, early), associations)
        return Observation(replace(cluster, provider=provider), observed, kubernetes, associations)

    def _prove_same(self, first: FirstReads) -> None:
        # An address that the cluster's own source returned needs no proof.
        if first.described and self._access.kubernetes:
            prove_same(first.described, first.kubernetes, self._access)

    def _namespace_state(self, kubernetes: KubernetesCluster) -> NamespaceState:
        name = self._desired.subject.namespace
        # A missing namespace is not cached: this run may create it.
        return self._answers.of(
            ("namespace", name), lambda: kubernetes.namespace_state(name), lasts=lambda it: it == "active"
        )

    def _placed(
        self,
        observed: Observed,
        service_account: ServiceAccount | None,
        namespace: NamespaceState,
        record: BindingRecord | None,
    ) -> Observed:
        subject = self._desired.subject
        return replace(
            observed,
            service_accounts={subject: service_account},
            namespaces={subject.namespace: namespace},
            bindings={subject: record} if record else {},
        )

    def _with_use(self, observed: Observed, seen: SeenAssociations) -> Observed:
        """Add the association that needs the trust policy's Pod Identity statement, if it has one."""
        if observed.role is None or not names_pods(observed.role.trust):
            return observed
        return replace(
            observed, pod_use=self._associations.of_role(observed.role.arn, self._desired.subject, seen)
        )

    def _read_record(self) -> BindingRecord | None:
        return self._kind.observe(self._desired.subject, self._access)

    def _read_service_account(self, kubernetes: KubernetesCluster) -> ServiceAccount | None:
        return kubernetes.read_service_account(self._desired.subject)

    def _together(self, doing: str, *works: Callable[[], Any]) -> tuple[Any, ...]:
        return side_by_side(doing, self._access.deadline, *works)
