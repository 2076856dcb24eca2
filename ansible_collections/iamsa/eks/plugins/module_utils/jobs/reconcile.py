# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole job of create and update: observe, plan, rehearse, apply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Literal, Protocol, cast

from ..apply.applier import Applier
from ..apply.early_rehearsal import EarlyRehearsal
from ..apply.recorded import Recorded
from ..apply.rehearsal import rehearse
from ..apply.retry_on_conflict import attempted
from ..apply.service_account import replanning
from ..apply.wait_until_visible import wait_until_visible
from ..cluster.access import Access
from ..cluster.observation import Observation
from ..concurrency import Answers, besides, bounded, side_by_side
from ..errors import Denied, IamsaError, RemoteError, TimedOut
from ..identity.arn import parse_role_arn
from ..identity.keys import ANNOTATION_MARKER, ANNOTATION_ROLE_ARN
from ..identity.subject import Subject
from ..kube.api.restarts import restart_command
from ..kube.api.service_accounts import CONFLICT
from ..model.association import SeenAssociations, gets
from ..model.desired import Desired
from ..model.observed import ClusterFacts, Observed, ServiceAccount
from ..model.outcome import Outcome
from ..model.steps.kubernetes import AnnotateServiceAccount, CreateNamespace, CreateServiceAccount
from ..model.steps.step import Step
from ..observe.observer import observe
from ..plan.boundary import boundary_left
from ..plan.create import plan
from ..plan.forecast import forecast_cluster, forecast_role
from ..plan.policy_removal import not_there
from ..plan.resolve import resolve
from ..plan.room import room_notices
from ..plan.snapshot import Snapshot, snapshot
from ..plan.trust import conditions_kept, pods_kept
from ..plan.trust_room import needs_quotas
from ..policy.limits import Quotas

DryRun = Literal["none", "client", "server"]


class Reporter(Protocol):
    """Who is told what happens while it happens. `done` may raise to stop before the next step."""

    def planned(self, steps: tuple[Step, ...], before: Snapshot, after: Snapshot) -> None: ...

    def done(self, step: Step) -> None: ...

    def left(self, step: Step, why: str) -> None:
        """The step was not done, and there is no more reason to do it."""


def ensure(desired: Desired, access: Access, reporter: Reporter, *, dry_run: DryRun = "none") -> Outcome:
    """Bring about what is desired, or find out what that would take.

    Raises:
        IamsaError: what is in the way. Nothing was written unless `reporter` was told of a step.
    """
    return attempted(lambda: _Ensuring(desired, access, reporter, dry_run), access.deadline)


class _Ensuring:
    def __init__(self, desired: Desired, access: Access, reporter: Reporter, dry_run: DryRun) -> None:
        self._access = access
        self._dry_run = dry_run
        self._reporter = reporter
        self._ahead = EarlyRehearsal(desired, access.deadline)
        self._seen = observe(desired, access, self._ahead.rehearse if dry_run != "client" else None)
        self._desired = desired
        self._target = resolve(desired, self._seen.cluster, self._seen.role)
        if needs_quotas(self._target, self._seen.cluster, self._seen.role):
            self._seen = replace(self._seen, role=replace(self._seen.role, quotas=self._quotas()))
        self._replan = replanning(self._target)
        self.has_written = False

    def to_the_end(self) -> Outcome:
        desired, seen, access, dry_run = self._desired, self._seen, self._access, self._dry_run
        steps = plan(self._target, seen.cluster, seen.role)
        notices = (*_already_gone(desired, seen), *_left_behind(desired, seen), *room_notices(steps))
        unrehearsed = (
            self._rehearse(self._ahead.without_rehearsed(steps))
            if dry_run != "client"
            else _unseen(desired, seen)
        )
        cluster = forecast_cluster(seen.cluster, steps)
        role = forecast_role(seen.role, steps)
        notices = (
            *notices,
            *conditions_kept(self._target, role.role),
            *pods_kept(self._target, role),
            *boundary_left(self._target, seen.role.role),
        )
        self._reporter.planned(steps, snapshot(seen.cluster, seen.role), snapshot(cluster, role))
        notices = (*notices, *_by_association(desired, seen, role))
        if dry_run != "none":
            restarts, unknown = self._restarts(steps)
            told = (*notices, *unrehearsed, *unknown)
            return _outcome(desired.subject, cluster, role, steps, restarts, told, seen.associations)

        account, role_id = self._apply(steps)
        if account:
            role = replace(role, service_accounts={desired.subject: account})
        (restarts, unknown), unshown = side_by_side(
            "looking at the result",
            access.deadline,
            lambda: self._restarts(steps),
            lambda: self._wait_until_shown(role, steps, role_id) if steps else (),
        )
        told = (*notices, *unknown, *unshown)
        return _outcome(desired.subject, cluster, role, steps, restarts, told, seen.associations)

    def _quotas(self) -> Quotas | None:
        access = self._access
        answers = access.answers or Answers()
        read = partial(answers.of, "quotas", access.iam.roles.quotas)
        return bounded("reading the account's quotas", read, access.deadline)

    def _wait_until_shown(self, role: Observed, steps: tuple[Step, ...], role_id: str) -> tuple[str, ...]:
        access = self._access
        wait = partial(
            wait_until_visible, access.iam, self._seen.role, role, steps, access.deadline, role_id=role_id
        )
        if any(step.target.kind == "serviceaccount" for step in steps):
            return wait()
        # One that is not written may have lost the role meanwhile: a delete begins with it.
        notices, _bound = side_by_side(
            "looking at the result", access.deadline, wait, lambda: self._require_bound(role)
        )
        return cast("tuple[str, ...]", notices)

    def _require_bound(self, role: Observed) -> None:
        subject, arn = self._desired.subject, role.role.arn if role.role else ""
        account = self._seen.kubernetes.read_service_account(subject)
        if account is None or account.annotations.get(ANNOTATION_ROLE_ARN) != arn:
            raise RemoteError(
                f"serviceaccount {subject} lost its annotation for role {arn} while this command ran",
                code=CONFLICT,
                remedy="run the same command again",
                resource=f"serviceaccount/{subject.name}",
            )

    def _apply(self, steps: tuple[Step, ...]) -> tuple[ServiceAccount | None, str]:
        """The ServiceAccount as it was written, if it was, and the ID of the role."""
        access = self._access
        applier = Applier(self._desired, self._seen, access.iam, access.deadline, self._replan)
        found = self._seen.role.role
        recorded = Recorded(self._seen.role.role_name, access.iam, access.deadline)
        for place, step in enumerate(steps):
            try:
                bounded(f"writing {step.target}", partial(applier.apply, step), access.deadline)
            except IamsaError as error:
                recorded.take_back(found, steps, place, error)
                raise
            self.has_written = True
            try:
                self._reporter.done(step)
            except BaseException:
                recorded.take_back(found, steps, place + 1)
                raise
            if isinstance(step, CreateNamespace):
                # Only now can the rest be tried: AWS is still untouched.
                self._rehearse([one for one in steps if one.target.kind == "serviceaccount"])
        return applier.account, applier.role_id

    def _rehearse(self, steps: Iterable[Step]) -> tuple[str, ...]:
        deadline = self._access.deadline
        return bounded(
            "rehearsing",
            lambda: rehearse(self._desired, self._seen, steps, self._replan, deadline),
            deadline,
        )

    def _restarts(self, steps: tuple[Step, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Commands that restart what runs with an earlier role, and what could not be found out.

        Pods keep what the webhook gave them when they were created.
        """
        subject = self._desired.subject
        if self._seen.associations.in_force:
            # A restart would not give them this role.
            return (), ()
        written = _annotations_written(steps)
        if not written:
            return (), ()
        others = written.keys() - {ANNOTATION_ROLE_ARN, ANNOTATION_MARKER}
        right = None if others else written.get(ANNOTATION_ROLE_ARN)
        try:
            look = partial(self._seen.kubernetes.running_pods, subject, role_arn=right)
            pods = besides("looking for pods", look, self._access.deadline)
        except (Denied, RemoteError, TimedOut):
            # All is done: a hint that cannot be given must not make a failure of it.
            pods = None
        if pods is None:
            return (), (f"pods could not be listed; those that run under {subject} need a restart",)
        return tuple(restart_command(pod, subject.namespace) for pod in pods), ()


def _annotations_written(steps: Iterable[Step]) -> Mapping[str, str]:
    for step in steps:
        match step:
            case CreateServiceAccount():
                return step.annotations
            case AnnotateServiceAccount():
                return step.changed
    return {}


def _unseen(desired: Desired, seen: Observation) -> tuple[str, ...]:
    """What a run without a rehearsal has to take on trust."""
    namespace = desired.subject.namespace
    state = seen.role.namespaces.get(namespace)
    if state == "unknown":
        return (f"namespace {namespace} could not be looked at and is taken to exist",)
    if state == "missing" and desired.overrides.assume_namespace:
        return (f"namespace {namespace} does not exist, and is taken to be made before the real run",)
    return ()


def _already_gone(desired: Desired, seen: Observation) -> tuple[str, ...]:
    """Of an update alone: who describes a whole role says for ever what is not to be on it."""
    if desired.create_role:
        return ()
    return tuple(f"role {seen.role.role_name} has no policy {name}" for name in not_there(desired, seen.role))


def _by_association(desired: Desired, seen: Observation, then: Observed) -> tuple[str, ...]:
    """What the ServiceAccount's pods get in place of the role that was made for them."""
    association, account = seen.associations.in_force, then.service_accounts.get(desired.subject)
    if association is None:
        return ()
    named = account.annotations.get(ANNOTATION_ROLE_ARN, "") if account else ""
    return (f"serviceaccount {desired.subject} {gets(association, named)}",)


def _left_behind(desired: Desired, seen: Observation) -> tuple[str, ...]:
    """The role that a ServiceAccount is moved away from: nothing else would tell that it is still there."""
    account = seen.role.service_accounts.get(desired.subject)
    named = account.annotations.get(ANNOTATION_ROLE_ARN, "") if account else ""
    arn, home = parse_role_arn(named), seen.cluster.home
    here = (home.partition, home.account, seen.role.role_name)
    # Two roles of one account never have the same name, whatever their paths.
    if arn is None or (arn.partition, arn.account, arn.name) == here:
        return ()
    return (f"serviceaccount {desired.subject} named {named} before; that role stays as it is",)


def _outcome(
    subject: Subject,
    cluster: ClusterFacts,
    role: Observed,
    steps: tuple[Step, ...],
    restarts: tuple[str, ...],
    notices: tuple[str, ...],
    associations: SeenAssociations,
) -> Outcome:
    account = role.service_accounts[subject]
    if role.role is None or account is None:
        raise AssertionError("a run that ended well has a role and its ServiceAccount")
    return Outcome(
        facts=cluster,
        subject=subject,
        role=role.role,
        attached=role.attached,
        inline=tuple(role.inline),
        annotations=account.annotations,
        steps=steps,
        restarts=restarts,
        notices=notices,
        associations=associations,
    )
