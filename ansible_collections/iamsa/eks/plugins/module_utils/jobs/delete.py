# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole job of delete: observe, plan, rehearse, apply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from ..apply.applier import Applier
from ..apply.beside_create import BesideCreate
from ..apply.recorded import Recorded, may_be_done
from ..apply.rehearsal import rehearse
from ..apply.retry_on_conflict import attempted
from ..cluster.access import Access
from ..cluster.observation import Observation
from ..concurrency import besides, bounded
from ..deadline import Deadline
from ..errors import Denied, IamsaError, RemoteError, TimedOut
from ..model.desired import DeleteRequest
from ..model.observed import ServiceAccount
from ..model.outcome import DeleteResult
from ..model.steps.base import Phase
from ..model.steps.kubernetes import DeleteServiceAccount, ServiceAccountStep
from ..model.steps.role import DeleteRole
from ..model.steps.step import Step
from ..observe.delete import observe_removal
from ..plan.delete import left_behind, plan_deletion
from ..plan.forecast import forecast_role
from ..plan.snapshot import snapshot
from ..plan.unbind import end_steps, release_steps, still_there
from .reconcile import DryRun, Reporter


def remove(
    removal: DeleteRequest, access: Access, reporter: Reporter, *, dry_run: DryRun = "none"
) -> DeleteResult:
    """Take the role and the ServiceAccount away, or find out what that would take.

    Raises:
        IamsaError: what is in the way. Nothing was written unless `reporter` was told of a step.
    """
    return attempted(lambda: _Removing(removal, access, reporter, dry_run), access.deadline)


class _Removing:
    def __init__(self, removal: DeleteRequest, access: Access, reporter: Reporter, dry_run: DryRun) -> None:
        self._removal = removal
        self._access = access
        self._reporter = reporter
        self._dry_run = dry_run
        self._seen = observe_removal(removal.desired, access)
        self._beside = BesideCreate(removal, self._seen, access.iam)
        self._has_deleted_role = False
        self.has_written = False

    def to_the_end(self) -> DeleteResult:
        desired, seen, deadline = self._removal.desired, self._seen, self._access.deadline
        steps = plan_deletion(self._removal, seen.cluster, seen.role)
        if self._dry_run != "client":
            bounded("rehearsing", lambda: rehearse(desired, seen, steps, self._replan, deadline), deadline)
        after = forecast_role(seen.role, steps)
        self._reporter.planned(steps, snapshot(seen.cluster, seen.role), snapshot(seen.cluster, after))
        notices = _still_running(self._removal, seen, steps, deadline)
        left = after.service_accounts.get(desired.subject)
        if self._dry_run == "none":
            steps, left = self._apply(steps)
        role = seen.role.role
        return DeleteResult(
            facts=seen.cluster,
            subject=desired.subject,
            role_name=seen.role.role_name,
            role_arn=role.arn if role else None,
            steps=steps,
            finalizers=left.finalizers if left and left.deleting else (),
            notices=(
                *left_behind(self._removal, seen.role),
                *still_there(self._removal, seen.role),
                *notices,
            ),
        )

    def _apply(self, steps: tuple[Step, ...]) -> tuple[tuple[Step, ...], ServiceAccount | None]:
        """The steps that were done, as they turned out, and what is left of the ServiceAccount."""
        access, subject, told = self._access, self._removal.desired.subject, []
        left = self._seen.role.service_accounts.get(subject)
        applier = Applier(
            self._removal.desired,
            self._seen,
            access.iam,
            access.deadline,
            self._replan,
            purge=self._removal.overrides.policies_of_others,
        )
        for place, step in enumerate(steps):
            try:
                if isinstance(step, DeleteRole):
                    bounded("reading the ServiceAccount", self._beside.require_unbound, access.deadline)
                done = bounded(f"writing {step.target}", partial(applier.apply, step), access.deadline)
            except IamsaError as error:
                if not isinstance(step, DeleteRole) or not may_be_done(error):
                    self._forget(steps[:place], error)
                raise
            self.has_written = True
            self._has_deleted_role |= isinstance(step, DeleteRole)
            if step.target.kind == "serviceaccount":
                left = applier.account
            turned_out = _turned_out(step, left) if done else step
            try:
                if done:
                    told.append(turned_out)
                    self._reporter.done(turned_out)
                else:
                    self._reporter.left(step, "it was changed by somebody else meanwhile")
            except BaseException:
                self._forget(steps[: place + 1])
                raise
        look = partial(self._look_beside, steps, left)
        bounded("looking at what is left", look, access.deadline)
        return tuple(told), left

    def _look_beside(self, steps: tuple[Step, ...], left: ServiceAccount | None) -> None:
        wrote_account = any(step.phase == Phase.SERVICE_ACCOUNT for step in steps)
        if self._has_deleted_role:
            self._beside.after_role(left, is_known=wrote_account)
        elif wrote_account and self._seen.role.role is None:
            self._beside.after_account()

    def _forget(self, done: tuple[Step, ...], error: IamsaError | None = None) -> None:
        role = self._seen.role.role
        if role and not any(isinstance(step, DeleteRole) for step in done):
            Recorded(role.name, self._access.iam, self._access.deadline).forget(role, done, error)

    def _replan(self, seen: Observation, account: ServiceAccount | None) -> Iterator[ServiceAccountStep]:
        if self._has_deleted_role and self._beside.is_bound(account):
            # By another run, to a role of the same name that it may have made anew.
            return
        facts = replace(seen.role, service_accounts={self._removal.desired.subject: account})
        yield from release_steps(self._removal, seen.cluster, facts)
        yield from end_steps(self._removal, seen.cluster, facts)


def _turned_out(step: Step, left: ServiceAccount | None) -> Step:
    """Finalizers that are found only then may hold a ServiceAccount that is deleted."""
    if isinstance(step, DeleteServiceAccount):
        return replace(step, finalizers=left.finalizers if left else ())
    return step


def _still_running(
    removal: DeleteRequest, seen: Observation, steps: tuple[Step, ...], deadline: Deadline
) -> tuple[str, ...]:
    """Who runs under the ServiceAccount and is about to lose what it can do."""
    subject = removal.desired.subject
    if not steps or seen.role.service_accounts.get(subject) is None:
        return ()
    try:
        pods = besides("looking for pods", partial(seen.kubernetes.running_pods, subject), deadline)
    except Denied:
        return ()
    except (RemoteError, TimedOut):
        # A hint that cannot be given must not stop what was asked for.
        return (f"pods could not be listed; those that run under serviceaccount {subject} lose the role",)
    return tuple(f"{pod.kind.lower()}/{pod.name} runs under serviceaccount {subject}" for pod in pods or ())
