# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account and a cluster in memory, and the whole program run against them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import documents
import pytest
from unit.fakes.account import InMemoryAccount
from unit.fakes.examples import AUDIENCE, PROVIDER_ARN, READ_S3, READ_SQS, SUBJECT
from unit.fakes.iam import InMemoryIam
from unit.fakes.kubernetes import InMemoryCluster
from unit.fakes.pod_identity import InMemoryPodIdentity
from unit.fakes.sources import ApiServerSource, InMemoryEksSource
from unit.fakes.sts import InMemorySts
from unit.fakes.wire import Wire

from ansible_collections.iamsa.eks.plugins.module_utils import deadline as deadline_module
from ansible_collections.iamsa.eks.plugins.module_utils.aws import retry
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.access import Access
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.documents.outcome import (
    delete_document,
    outcome_document,
)
from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.delete import remove
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.reconcile import ensure
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.run import DryRun
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest, Desired
from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import DeleteResult, Outcome
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step
from ansible_collections.iamsa.eks.plugins.module_utils.observe import wanted_role
from ansible_collections.iamsa.eks.plugins.module_utils.plan.snapshot import Snapshot


@dataclass
class Told:
    """A Reporter that remembers."""

    plans: list[tuple[Step, ...]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    kept: list[tuple[Step, str]] = field(default_factory=list)
    snapshots: list[tuple[Snapshot, Snapshot]] = field(default_factory=list)

    def planned(self, steps: tuple[Step, ...], before: Snapshot, after: Snapshot) -> None:
        self.plans.append(steps)
        self.snapshots.append((before, after))

    def done(self, step: Step) -> None:
        self.steps.append(step)

    def left(self, step: Step, why: str) -> None:
        self.kept.append((step, why))


class World:
    """With the provider, two policies and the namespace `web`; no role and no ServiceAccount."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.account = InMemoryAccount(providers={PROVIDER_ARN: (AUDIENCE,)})
        self.iam = InMemoryIam(self.wire, self.account)
        self.account.add(READ_S3, READ_SQS)
        self.kubernetes = InMemoryCluster(self.wire)
        self.source: InMemoryEksSource | ApiServerSource = InMemoryEksSource(self.wire, self.kubernetes)
        self.pod_identity: InMemoryPodIdentity | None = InMemoryPodIdentity(self.wire)
        self.sts = InMemorySts(self.wire)
        self.told = Told()
        self.by_name_only = False
        self.context_account: str | None = None
        self.deadline: Callable[[], Deadline] = lambda: Deadline(120)

    def access(self) -> Access:
        fakes: Any = self
        return Access(
            source=fakes.source,
            namespace="web",
            title="context demo",
            iam=fakes.iam,
            sts=fakes.sts,
            pod_identity=fakes.pod_identity,
            kubernetes=None if self.by_name_only else fakes.kubernetes,
            deadline=self.deadline(),
            account=self.context_account,
        )

    def create(self, wanted: Desired, dry_run: DryRun = "none") -> Outcome:
        self.told = Told()
        outcome = ensure(wanted, self.access(), self.told, dry_run=dry_run)
        documents.check(outcome_document(outcome, dry_run))
        return outcome

    def refusal(self, wanted: Desired, dry_run: DryRun = "none") -> IamsaError:
        """The error that a run ends with."""
        with pytest.raises(IamsaError) as caught:
            self.create(wanted, dry_run)
        return caught.value

    def delete(self, request: DeleteRequest, dry_run: DryRun = "none") -> DeleteResult:
        self.told = Told()
        removed = remove(request, self.access(), self.told, dry_run=dry_run)
        documents.check(delete_document(removed, dry_run))
        return removed

    def state(self) -> Any:
        return self.account.state(), self.kubernetes.state()

    def copy(self) -> World:
        """Another world in the same state, in which nothing has been called."""
        other = World()
        for name in ("roles", "attached", "inline", "providers", "policies", "profiles"):
            setattr(other.account, name, copy.deepcopy(getattr(self.account, name)))
        for name in ("made", "quotas_read", "quotas_kept"):
            setattr(other.account, name, getattr(self.account, name))
        other.pod_identity.associated = dict(self.pod_identity.associated)
        other.kubernetes.service_accounts = copy.deepcopy(self.kubernetes.service_accounts)
        other.kubernetes.namespaces = dict(self.kubernetes.namespaces)
        other.kubernetes.pods = copy.copy(self.kubernetes.pods)
        other.kubernetes.born_with = self.kubernetes.born_with
        return other

    @property
    def role(self) -> Role:
        (role,) = self.account.roles.values()
        return role

    @property
    def annotations(self) -> dict[str, str]:
        return dict(self.kubernetes.service_accounts[SUBJECT].annotations)


@dataclass
class Clock:
    """Time that only passes in sleeps."""

    now: float = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def wall(self, zone: timezone) -> datetime:
        return datetime(2026, 11, 30, 12, tzinfo=zone) + timedelta(seconds=self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    fake = SimpleNamespace(monotonic=clock.monotonic, sleep=clock.sleep)
    monkeypatch.setattr(retry, "time", fake)
    monkeypatch.setattr(deadline_module, "time", fake)
    monkeypatch.setattr(wanted_role, "datetime", SimpleNamespace(now=clock.wall))
    return clock


@pytest.fixture
def world(clock: Clock) -> World:  # noqa: ARG001
    """No wait in it takes time."""
    return World()
