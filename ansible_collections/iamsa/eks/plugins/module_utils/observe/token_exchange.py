# SPDX-License-Identifier: GPL-3.0-or-later

"""Verify that pods of a ServiceAccount would get its role, as its kind of binding verifies it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from ..aws.retry import found_within
from ..bindings.binding import BindingKind
from ..bindings.now import BoundNow
from ..cluster.access import Access
from ..errors import IamsaError, Refused, ResourceRef
from ..identity.arn import Arn
from ..identity.subject import Subject
from ..kube.api.client import KubernetesCluster
from ..model.association import SeenAssociations
from ..model.observed import ClusterFacts, ServiceAccount
from ..model.simulation import NO_QUESTION, Permission, Question
from ..model.verification import Reason, RoleLook, Verification, by_association
from ..plan.status import is_elsewhere
from ..wording.text import Option

# The part of the run's time that a wait leaves to find out why it failed, in seconds.
LAST_SECONDS = 3.0


class Trial(NamedTuple):
    """How to verify. `wait` is how many seconds to retry while AWS denies the role; `question` is what to
    simulate with the role's policies."""

    question: Question = NO_QUESTION
    wait: float = 0.0


class Prover:
    """Verifies ServiceAccounts of one cluster. Thread-safe."""

    def __init__(
        self,
        known: ClusterFacts,
        kubernetes: KubernetesCluster,
        access: Access,
        trial: Trial,
    ) -> None:
        self._cluster = known.cluster
        self._home = known.home
        self._kubernetes = kubernetes
        self._access = access
        self._trial = trial

    def of(
        self,
        subject: Subject,
        service_account: ServiceAccount | None,
        now: BoundNow,
        associations: SeenAssociations,
    ) -> Verification:
        """Verify one ServiceAccount; an error is returned as the `obstacle` of the result."""
        began = time.monotonic()
        kind, named = now.kind, now.role or ""
        blank = Verification(
            self._cluster,
            subject,
            named,
            kind.audience(service_account),
            associations=associations,
            via=kind.name,
        )
        if service_account and associations.in_force:
            refused = kind.pods_refused(service_account)
            why = Reason("podsRefused", refused, lasts=True) if refused else None
            return replace(blank, reason=why or by_association(associations.in_force, named))
        role = kind.provable_role(service_account, now.record)
        if isinstance(role, Reason):
            return replace(blank, reason=role)
        found = self._proven(kind, blank, role)
        return replace(found, seconds=time.monotonic() - began)

    def _proven(self, kind: BindingKind, blank: Verification, role: Arn) -> Verification:
        trials = _Trials(blank, lambda: kind.prove(blank, role, self._kubernetes, self._access))
        try:
            self._repeat(trials)
            found = kind.explain(replace(trials.last, attempts=trials.count), role, self._look)
            if found.is_assumable and self._trial.question.actions:
                return replace(found, permissions=self._permissions(role))
        except IamsaError as error:
            return replace(trials.last, attempts=trials.count, reason=None, obstacle=error)
        return found

    def _repeat(self, trials: _Trials) -> None:
        deadline = self._access.deadline
        seconds = max(0.0, min(self._trial.wait, deadline.remaining - LAST_SECONDS))
        found_within(seconds, trials.resolved, deadline, "waiting until the role is assumable")

    def _look(self, role: Arn) -> RoleLook:
        """Look up the role by GetRole, because STS does not reveal whether it exists."""
        if not self._is_here(role):
            return "elsewhere"
        try:
            found = self._access.iam.roles.read(role.name)
        except IamsaError:
            return "unread"
        if found is None:
            return "missing"
        return "there" if found.arn == str(role) else "otherPath"

    def _is_here(self, role: Arn) -> bool:
        return not is_elsewhere(str(role), self._home)

    def _permissions(self, role: Arn) -> tuple[Permission, ...]:
        if not self._is_here(role):
            raise Refused(
                f"role {role} is in another account, so its policies cannot be simulated from here",
                remedy="omit " + Option("can") + ", or run aws iam simulate-principal-policy in that account",
                resource=ResourceRef("role", role.name),
            )
        return self._access.iam.simulator.simulate(str(role), self._trial.question)


class _Trials:
    """The attempts at one verification, and the result of the last one."""

    def __init__(self, blank: Verification, go: Callable[[], Verification]) -> None:
        self.last = blank
        self.count = 0
        self._go = go

    def resolved(self) -> Verification | None:
        """Try once more; None if a later attempt may have another result."""
        self.count += 1
        self.last = self._go()
        return self.last if self.last.is_assumable or (self.last.reason and self.last.reason.lasts) else None
