# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A second kind of binding: an office hands out badges, and whoever shows one may assume its role.

It binds by a record of its own, as EKS Pod Identity does by an association, and nothing of it stands on the
ServiceAccount.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from unit.fakes.wire import Wire

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.binding import Sides, Tokens
from ansible_collections.iamsa.eks.plugins.module_utils.bindings.now import is_made_here
from ansible_collections.iamsa.eks.plugins.module_utils.bindings.service_account import (
    refuse_deleting,
    service_account_steps,
)
from ansible_collections.iamsa.eks.plugins.module_utils.errors import ResourceRef
from ansible_collections.iamsa.eks.plugins.module_utils.identity.account import RoleHome
from ansible_collections.iamsa.eks.plugins.module_utils.identity.arn import Arn, parse_role_arn
from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import ClusterRef
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.binding import BindingRecord, Link
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest, Desired
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import (
    ClusterFacts,
    Observed,
    ServiceAccount,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.pods import Pod
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.base import Phase, Verb
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.kubernetes import DeleteServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import BindingStep, Step
from ansible_collections.iamsa.eks.plugins.module_utils.model.target import BindingTarget, Target
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import (
    Reason,
    RoleLook,
    Verification,
)
from ansible_collections.iamsa.eks.plugins.module_utils.trust.grant import Mismatch
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statement_parts import condition_tests

NAME = "badge"
SERVICE = "badge.example"
HOLDER = "badge:holder"


@dataclass
class Office:
    """The fake cloud in which the badges are: what a binding's port would call."""

    wire: Wire
    badges: dict[Subject, str] = field(default_factory=dict)

    def look(self, subject: Subject) -> str | None:
        return self.wire.send("badge:Look", lambda: self.badges.get(subject))

    def look_at_all(self, namespace: str | None) -> dict[Subject, str]:
        def look() -> dict[Subject, str]:
            return {one: arn for one, arn in self.badges.items() if namespace in (None, one.namespace)}

        return self.wire.send("badge:LookAtAll", look)

    def issue(self, subject: Subject, role_arn: str) -> None:
        self.wire.send("badge:Issue", lambda: self.badges.update({subject: role_arn}), write=True)

    def withdraw(self, subject: Subject) -> None:
        self.wire.send("badge:Withdraw", lambda: self.badges.pop(subject, None), write=True)


@dataclass(frozen=True)
class Badge(BindingRecord):
    role_arn: str
    binding: ClassVar[str] = NAME

    @property
    def shown(self) -> Mapping[str, str]:
        return {"role": self.role_arn}


@dataclass(frozen=True)
class IssueBadge(BindingStep):
    subject: Subject
    role_arn: str
    binding: ClassVar[str] = NAME
    verb: ClassVar[Verb] = "create"


@dataclass(frozen=True)
class WithdrawBadge(BindingStep):
    subject: Subject
    binding: ClassVar[str] = NAME
    verb: ClassVar[Verb] = "delete"


@dataclass(frozen=True)
class BadgeGrant:
    subjects: tuple[Subject, ...]

    @property
    def claims(self) -> Mapping[str, str]:
        return {HOLDER: str(self.subjects[0])}

    @property
    def subject_key(self) -> str:
        return HOLDER

    def statement(self) -> dict[str, Any]:
        return {
            "Effect": "Allow",
            "Principal": {"Service": SERVICE},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {HOLDER: [str(subject) for subject in self.subjects]}},
        }

    def is_ours(self, statement: Any) -> bool:
        holders = [
            one for _operator, key, one in condition_tests(statement.get("Condition")) if key == HOLDER
        ]
        return self.is_about(statement) and holders == [[str(subject) for subject in self.subjects]]

    def of_issuer(self, _issuer: str) -> BadgeGrant:
        return self

    def is_about(self, statement: Mapping[str, Any]) -> bool:
        return statement.get("Principal") == {"Service": SERVICE}

    def names_action(self, statement: Any) -> bool:
        return bool(statement.get("Action") == "sts:AssumeRole")

    def lets_in(self, statement: Any) -> bool:
        return self.names_action(statement)

    def further(self, statement: Any) -> dict[str, Any]:
        tests = {
            operator: {key: value for key, value in keys.items() if key != HOLDER}
            for operator, keys in statement.get("Condition", {}).items()
        }
        return {operator: keys for operator, keys in tests.items() if keys}

    def taking_over(self, statement: Any, _earlier: Any) -> Any:
        return statement

    def mismatches(self, statement: Mapping[str, Any]) -> dict[Mismatch, str]:
        return {} if self.is_about(statement) else {"principal": "somebody else"}


class BadgeKind:
    name = NAME
    bond = "badge"
    links: tuple[Link, ...] = ()

    def __init__(self, office: Office) -> None:
        self._office = office

    def grant(
        self, _cluster: ClusterRef, _home: RoleHome, subjects: tuple[Subject, ...], _audience: str
    ) -> BadgeGrant:
        return BadgeGrant(subjects)

    def resolve(
        self, desired: Desired, _facts: ClusterFacts, observed: Observed, role_arn: str
    ) -> BindingTarget:
        there = self.bound_role(None, observed.bindings.get(desired.subject))
        subjects = tuple(binding.subject for binding in desired.bindings)
        return BindingTarget(BadgeGrant(subjects), resists=there not in (None, role_arn))

    def observe(self, subject: Subject, _sides: Sides) -> Badge | None:
        found = self._office.look(subject)
        return Badge(found) if found else None

    def observe_all(self, namespace: str | None, _sides: Sides) -> dict[Subject, Badge]:
        return {subject: Badge(arn) for subject, arn in self._office.look_at_all(namespace).items()}

    def bound_role(self, _service_account: ServiceAccount | None, record: BindingRecord | None) -> str | None:
        return record.role_arn if isinstance(record, Badge) else None

    def bound_since(self, _service_account: ServiceAccount | None, _record: BindingRecord | None) -> str:
        """The office writes no time down."""
        return ""

    def audience(self, _service_account: ServiceAccount | None) -> str:
        return ""

    def spec(self, _service_account: ServiceAccount, _record: BindingRecord | None) -> Mapping[str, Any]:
        return {}

    def pods_refused(self, _service_account: ServiceAccount) -> str:
        return ""

    def required(self, _target: Target, _facts: ClusterFacts) -> Iterator[Step]:
        yield from ()

    def bind(self, target: Target, cluster: ClusterFacts, observed: Observed) -> Iterator[Step]:
        for binding in target.asked.bindings:
            service_account = observed.service_accounts.get(binding.subject)
            if service_account:
                refuse_deleting(service_account)
            yield from service_account_steps(target, cluster.cluster, binding.subject, service_account, {})
            if self.bound_role(service_account, observed.bindings.get(binding.subject)) != target.role.arn:
                ref = _badge_of(binding.subject)
                yield IssueBadge(
                    ref, Phase.SERVICE_ACCOUNT, f"{ref} issued", binding.subject, target.role.arn
                )

    def release(self, request: DeleteRequest, _facts: ClusterFacts, observed: Observed) -> Iterator[Step]:
        subject = request.desired.subject
        if self.bound_role(None, observed.bindings.get(subject)):
            ref = _badge_of(subject)
            yield WithdrawBadge(ref, Phase.RELEASE, f"{ref} withdrawn", subject)

    def end(self, request: DeleteRequest, cluster: ClusterFacts, observed: Observed) -> Iterator[Step]:
        service_account = observed.service_accounts.get(request.desired.subject)
        if service_account and is_made_here(service_account, cluster) and not request.keep_service_account:
            yield DeleteServiceAccount(
                service_account.subject, service_account.uid, service_account.resource_version
            )

    def stale_pods(self, steps: Iterable[Step]) -> Callable[[Pod], bool] | None:
        """Whatever role a pod is told of: it shows the badge that it was made with."""
        return (lambda _pod: True) if any(isinstance(step, IssueBadge) for step in steps) else None

    def forecast(self, step: BindingStep, observed: Observed) -> Observed:
        match step:
            case IssueBadge():
                return replace(observed, bindings={**observed.bindings, step.subject: Badge(step.role_arn)})
            case WithdrawBadge():
                kept = {one: badge for one, badge in observed.bindings.items() if one != step.subject}
                return replace(observed, bindings=kept)
        raise AssertionError(step)

    def apply(self, step: BindingStep, _sides: Sides) -> None:
        match step:
            case IssueBadge():
                self._office.issue(step.subject, step.role_arn)
            case WithdrawBadge():
                self._office.withdraw(step.subject)

    def provable_role(
        self, _service_account: ServiceAccount | None, record: BindingRecord | None
    ) -> Arn | Reason:
        arn = parse_role_arn(self.bound_role(None, record) or "")
        return arn or Reason("notAnnotated", "it has no badge", lasts=True)

    def prove(self, blank: Verification, role: Arn, _tokens: Tokens, _sides: Sides) -> Verification:
        if self._office.look(blank.subject) == str(role):
            return replace(blank, assumed=f"{role}/badge")
        return replace(blank, reason=Reason("notAdmitted", "its badge is for another role"))

    def explain(self, found: Verification, _role: Arn, _look: Callable[[Arn], RoleLook]) -> Verification:
        return found


def _badge_of(subject: Subject) -> ResourceRef:
    return ResourceRef("badge", subject.name, subject.namespace)
