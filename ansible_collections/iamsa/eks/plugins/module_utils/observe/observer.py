# SPDX-License-Identifier: GPL-3.0-or-later

"""What is there: all reads of one run, those that do not depend on each other side by side."""

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
    """What differs between the reads for a role that is wanted and for one that is to go."""

    def provider(self, cluster: ClusterFacts) -> Provider | None: ...

    def associations(self) -> SeenAssociations: ...

    def read(self, name: str) -> Observed: ...

    def early(self, home: RoleHome, bound: str | None) -> Observed | None:
        """What can be looked up beside the role's own reads."""

    def completed(self, seen: Observed, home: RoleHome, early: Observed | None) -> Observed:
        """With what could only be looked up after the role was read."""


class Observer:
    """The reads of a run, in two waves.

    Where nothing is to do, the longest chain of dependent calls is two.
    """

    def __init__(self, desired: Desired, access: Access, kind: BindingKind, reads: RoleReads) -> None:
        self._desired = desired
        self._reads = reads
        self._kind = kind
        self._access = access
        self._answers = access.answers or Answers()
        self._associations = AssociationReader(access, access.answers)

    def first_wave(self) -> FirstReads:
        """Which cluster it is, and what the ServiceAccount says."""
        access, kubernetes = self._access, self._access.kubernetes
        if access.known and kubernetes:
            # Many of one cluster: what they share was read before.
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
        """The role, and the rest.

        Raises:
            Refused: the API server and the described cluster are not proven to be the same.
        """
        cluster, kubernetes, service_account = first.cluster, first.kubernetes, first.service_account
        bound = self._kind.bound_role(service_account, first.record)
        guess = choose_role(self._desired, cluster, service_account, bound).name
        _proof, provider, associations, observed, early, service_account, namespace = self._together(
            "reading the role",
            # First, so that it is told before anything that the wrong cluster's role lacks.
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
        # The way that its own source tells needs no proof.
        if first.described and self._access.kubernetes:
            prove_same(first.described, first.kubernetes, self._access)

    def _namespace_state(self, kubernetes: KubernetesCluster) -> NamespaceState:
        name = self._desired.subject.namespace
        # One that is missing may be made by this very run.
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
        """With what is known of who needs the trust policy's statement for Pod Identity, if it has one."""
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
