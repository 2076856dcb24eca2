# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is there: all reads of one run, those that do not depend on each other side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial
from typing import Any

from ..bindings.binding import BindingKind
from ..cluster.access import Access
from ..cluster.observation import FirstReads, Observation
from ..cluster.same_cluster import identify, prove_same
from ..concurrency import Answers, side_by_side
from ..errors import Denied
from ..identity.account import RoleHome
from ..kube.api.client import KubernetesCluster
from ..model.association import SeenAssociations
from ..model.binding import BindingRecord
from ..model.desired import Desired
from ..model.observed import ClusterFacts, NamespaceState, Observed, ServiceAccount
from ..model.role import Provider
from ..plan.resolve import choose_role
from ..policy.attached_by_us import stale_entries
from ..policy.equality import Document
from ..policy.gen3_names import is_to_be_put, stamped
from ..policy.reference import InlinePolicy
from ..trust.statements import names_pods
from .associations import AssociationReader
from .other_policies import read_others
from .policies import WantedPolicies


def now() -> datetime:
    """By this machine's clock."""
    return datetime.now(timezone.utc)


class Observer:
    """The reads of create and update, in two waves; a delete has others of some.

    Where nothing is to do, the longest chain of dependent calls is two.
    """

    def __init__(self, desired: Desired, access: Access, kind: BindingKind) -> None:
        self._desired = desired
        self._kind = kind
        self._access = access
        self._iam = access.iam
        self._answers = access.answers or Answers()
        self._associations = AssociationReader(access, access.answers)
        self._policies = WantedPolicies(desired.role, access.iam, access.deadline, self._answers)

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
            self._read_associations,
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
        facts, kubernetes, service_account = first.cluster, first.kubernetes, first.service_account
        bound = self._kind.bound_role(service_account, first.record)
        guess = choose_role(self._desired, facts, service_account, bound).name
        _proof, provider, associations, role, ahead, service_account, namespace = self._together(
            "reading the role",
            # First, so that it is told before anything that the wrong cluster's role lacks.
            lambda: self._prove_same(first),
            lambda: self._read_provider(facts) if first.described else facts.provider,
            lambda: first.associations or self._read_associations(),
            lambda: self._read_role(guess),
            lambda: self._look_ahead(facts.home, bound) if first.knows_service_account else None,
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
            chosen = choose_role(self._desired, facts, service_account, bound).name
            if chosen != guess:
                role = self._read_role(chosen)
            if service_account is None:
                namespace = self._namespace_state(kubernetes)
        role = self._placed(role, service_account, namespace, first.record)
        role = self._with_use(self._with_policies(role, facts.home, ahead), associations)
        return Observation(replace(facts, provider=provider), role, kubernetes, associations)

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
        role: Observed,
        service_account: ServiceAccount | None,
        namespace: NamespaceState,
        record: BindingRecord | None,
    ) -> Observed:
        subject = self._desired.subject
        return replace(
            role,
            service_accounts={subject: service_account},
            namespaces={subject.namespace: namespace},
            bindings={subject: record} if record else {},
        )

    def _with_use(self, facts: Observed, seen: SeenAssociations) -> Observed:
        """With what is known of who needs the trust policy's statement for Pod Identity, if it has one."""
        if facts.role is None or not names_pods(facts.role.trust):
            return facts
        return replace(facts, pod_use=self._associations.of_role(facts.role.arn, self._desired.subject, seen))

    def _read_record(self) -> BindingRecord | None:
        return self._kind.observe(self._desired.subject, self._access)

    def _read_associations(self) -> SeenAssociations:
        return self._associations.of(self._desired.subject)

    def _read_service_account(self, kubernetes: KubernetesCluster) -> ServiceAccount | None:
        return kubernetes.read_service_account(self._desired.subject)

    def _read_provider(self, facts: ClusterFacts) -> Provider | None:
        return self._iam.providers.read(facts.home.provider_arn(facts.cluster.issuer))

    def _read_role(self, name: str) -> Observed:
        """The role, its attached policies, and of its inline ones those that this run is about."""
        wanted, absent = self._desired.role.policies, self._desired.role.absent
        files = [policy for policy in (*wanted, *absent) if isinstance(policy, InlinePolicy)]
        own = [policy.name for policy in wanted if isinstance(policy, InlinePolicy)]
        lists = self._desired.overrides.purge or bool(absent)
        role, attached, names, *documents = self._together(
            f"reading role {name}",
            lambda: self._iam.roles.read(name),
            lambda: self._iam.policies.attached(name),
            (lambda: self._iam.policies.inline_names(name)) if lists else tuple,
            *(lambda file=file: self._iam.policies.inline(name, file) for file in own),
        )
        found = {file: document for file, document in zip(own, documents, strict=True) if document}
        if role and not lists and len(found) < len(own):
            # One that is missing may be there under the name that gen3 gave it.
            names = self._iam.policies.inline_names(name)
        inline = {**(dict.fromkeys(names) if lists else {}), **found, **self._stamped(name, files, names)}
        facts = Observed(
            name,
            role,
            attached=attached,
            inline=inline,
            knows_inline=lists,
            read_at=now(),
        )
        if role and not lists and stale_entries(role.tags, attached, inline, facts.read_at):
            facts = self._with_names(facts)
        if role and any(
            is_to_be_put(policy, inline) for policy in wanted if isinstance(policy, InlinePolicy)
        ):
            listed = tuple(facts.inline) if facts.knows_inline else names if len(found) < len(own) else None
            return replace(facts, other_inline=read_others(self._iam, facts, listed, self._access.deadline))
        return facts

    def _with_names(self, facts: Observed) -> Observed:
        """`facts` with the names of all inline policies, if they may be read; what they are for can wait."""
        try:
            names = self._iam.policies.inline_names(facts.role_name)
        except Denied:
            return facts
        return replace(facts, inline={**dict.fromkeys(names), **facts.inline}, knows_inline=True)

    def _stamped(
        self, role: str, files: list[InlinePolicy], names: Sequence[str]
    ) -> dict[str, Document | None]:
        old = list(dict.fromkeys(name for file in files for name in stamped(file.name, names)))
        works = [lambda name=name: self._iam.policies.inline(role, name) for name in old]
        return dict(zip(old, self._together(f"reading role {role}", *works), strict=True))

    def _with_policies(self, facts: Observed, home: RoleHome, ahead: Observed | None) -> Observed:
        return self._policies.looked_up(facts, home, ahead)

    def _look_ahead(self, home: RoleHome, bound: str | None) -> Observed | None:
        # What is attached to a role that is there spares a look.
        return self._policies.ahead(home) if bound is None else None

    def _together(self, doing: str, *works: Callable[[], Any]) -> tuple[Any, ...]:
        return side_by_side(doing, self._access.deadline, *works)
