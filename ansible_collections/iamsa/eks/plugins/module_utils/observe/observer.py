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

from ..cluster.access import Access
from ..cluster.observation import Observation
from ..cluster.same_cluster import identify, prove_same
from ..concurrency import Answers, bounded, side_by_side
from ..errors import Denied
from ..identity.account import RoleHome
from ..kube.api.client import KubernetesCluster
from ..model.association import SeenAssociations
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

# What is done beside the reads of a role, with what is known until then.
Meanwhile = Callable[[Observation], None]


def observe(desired: Desired, access: Access, meanwhile: Meanwhile | None = None) -> Observation:
    """Read what `plan` needs; where nothing is to do, the longest chain of dependent calls is two.

    `meanwhile` is called where the ServiceAccount is missing, with what is there if its role is missing too.

    Raises:
        Refused: the API server and the described cluster are not proven to be the same.
    """
    return Observer(desired, access, meanwhile).run()


def now() -> datetime:
    """By this machine's clock."""
    return datetime.now(timezone.utc)


class Observer:
    """The reads of create and update, in the order of their dependence; a delete has others of some."""

    def __init__(self, desired: Desired, access: Access, meanwhile: Meanwhile | None = None) -> None:
        self._desired = desired
        self._access = access
        self._meanwhile = meanwhile
        self._iam = access.iam
        self._answers = access.answers or Answers()
        self._associations = AssociationReader(access, access.answers)
        self._policies = WantedPolicies(desired.role, access.iam, access.deadline, self._answers)

    def run(self) -> Observation:
        access = self._access
        if access.known and access.kubernetes:
            return self._in(access.known, access.kubernetes)
        return self._from_scratch()

    def _in(self, facts: ClusterFacts, kubernetes: KubernetesCluster) -> Observation:
        """In a cluster that was read before: only the role and its ServiceAccount are asked for."""
        subject = self._desired.subject
        look = partial(kubernetes.read_service_account, subject)
        account = bounded("reading the ServiceAccount", look, self._access.deadline)
        associations, role, ahead, *states = self._together(
            "reading the role",
            self._read_associations,
            lambda: self._read_role(choose_role(self._desired, facts, account).name),
            lambda: self._look_ahead(facts.home, account),
            *([] if account else [lambda: self._namespace_state(kubernetes)]),
        )
        namespace: NamespaceState = states[0] if states else "active"
        role = self._placed(role, account, namespace)
        role = self._with_use(self._with_policies(role, facts.home, ahead), associations)
        return Observation(facts, role, kubernetes, associations)

    def _from_scratch(self) -> Observation:
        desired, access = self._desired, self._access
        works: list[Callable[[], Any]] = [
            access.source.describe,
            self._read_associations,
        ]
        if access.kubernetes:
            works.append(lambda: self._read_account(access.kubernetes))
        described, associations, *accounts = self._together("reading the cluster", *works)
        kubernetes = access.kubernetes or access.source.connect(described)
        facts = identify(described, access)
        account: ServiceAccount | None = accounts[0] if accounts else None
        guess = choose_role(desired, facts, account).name
        later: list[Callable[[], Any]] = [] if accounts else [lambda: self._read_account(kubernetes)]
        if accounts and account is None:
            later = [lambda: self._namespace_state(kubernetes)]
        _proof, provider, role, ahead, _done, *rest = self._together(
            "reading the role",
            # First, so that it is told before anything that the wrong cluster's role lacks.
            lambda: prove_same(described, kubernetes, access) if access.kubernetes else None,
            lambda: self._read_provider(facts),
            lambda: self._read_role(guess),
            lambda: self._look_ahead(facts.home, account) if accounts else None,
            lambda: self._do_meanwhile(facts, guess, kubernetes) if accounts and account is None else None,
            *later,
        )
        facts = replace(facts, provider=provider)
        namespace: NamespaceState = rest[0] if accounts and rest else "active"
        if not accounts:
            account = rest[0]
            chosen = choose_role(desired, facts, account).name
            if chosen != guess:
                role = self._read_role(chosen)
            if account is None:
                namespace = self._namespace_state(kubernetes)
        role = self._placed(role, account, namespace)
        role = self._with_use(self._with_policies(role, facts.home, ahead), associations)
        return Observation(facts, role, kubernetes, associations)

    def _namespace_state(self, kubernetes: KubernetesCluster) -> NamespaceState:
        name = self._desired.subject.namespace
        # One that is missing may be made by this very run.
        return self._answers.of(
            ("namespace", name), lambda: kubernetes.namespace_state(name), lasts=lambda it: it == "active"
        )

    def _do_meanwhile(self, facts: ClusterFacts, name: str, kubernetes: KubernetesCluster) -> None:
        if self._meanwhile:
            role = self._placed(Observed(name, role=None), None, "active")
            self._meanwhile(Observation(facts, role, kubernetes))

    def _placed(self, role: Observed, account: ServiceAccount | None, namespace: NamespaceState) -> Observed:
        subject = self._desired.subject
        return replace(role, service_accounts={subject: account}, namespaces={subject.namespace: namespace})

    def _with_use(self, facts: Observed, seen: SeenAssociations) -> Observed:
        """With what is known of who needs the trust policy's statement for Pod Identity, if it has one."""
        if facts.role is None or not names_pods(facts.role.trust):
            return facts
        return replace(facts, pod_use=self._associations.of_role(facts.role.arn, self._desired.subject, seen))

    def _read_associations(self) -> SeenAssociations:
        return self._associations.of(self._desired.subject)

    def _read_account(self, kubernetes: KubernetesCluster | None) -> ServiceAccount | None:
        return kubernetes.read_service_account(self._desired.subject) if kubernetes else None

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

    def _look_ahead(self, home: RoleHome, account: ServiceAccount | None) -> Observed | None:
        return self._policies.ahead(home, account)

    def _together(self, doing: str, *works: Callable[[], Any]) -> tuple[Any, ...]:
        return side_by_side(doing, self._access.deadline, *works)
