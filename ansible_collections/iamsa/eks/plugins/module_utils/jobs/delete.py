# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole job of delete: observe, plan, rehearse, apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from ..apply.applier import Applier
from ..apply.beside_create import BesideCreate
from ..apply.recorded import Recorded, may_be_done
from ..apply.retry_on_conflict import retry_on_conflict
from ..bindings.binding import BindingKind, Kinds
from ..bindings.registry import KINDS
from ..cluster.access import Access
from ..cluster.observation import Observation
from ..concurrency import besides, bounded
from ..deadline import Deadline
from ..errors import Denied, IamsaError, RemoteError, TimedOut
from ..model.desired import DeleteRequest
from ..model.observed import ServiceAccount
from ..model.outcome import DeleteResult
from ..model.steps.base import Phase
from ..model.steps.kubernetes import DeleteServiceAccount
from ..model.steps.role import DeleteRole
from ..model.steps.step import Step
from ..observe.delete import observe_removal
from ..plan.delete import left_behind, plan_deletion, still_there
from ..plan.forecast import forecast_role
from ..plan.snapshot import snapshot
from .rehearse import rehearse
from .reporter import DryRun, Reporter
from .write import PlanAgain, write


def remove(
    removal: DeleteRequest,
    access: Access,
    reporter: Reporter,
    *,
    dry_run: DryRun = "none",
    kinds: Kinds = KINDS,
) -> DeleteResult:
    """Take the role and the ServiceAccount away, or find out what that would take.

    Raises:
        IamsaError: what is in the way. Nothing was written unless `reporter` was told of a step.
    """
    tried: list[Step] = []
    run = partial(_remove, removal, access, reporter, dry_run, kinds, tried)
    return retry_on_conflict(run, access.deadline, unless=tried)


def _remove(
    removal: DeleteRequest,
    access: Access,
    reporter: Reporter,
    dry_run: DryRun,
    kinds: Kinds,
    tried: list[Step],
) -> DeleteResult:
    """`tried` is told of each step, whether it is done or has nothing left to do."""
    desired, deadline, kind = removal.desired, access.deadline, kinds[removal.desired.kind]
    seen = observe_removal(desired, access, kinds)
    steps = plan_deletion(removal, seen.cluster, seen.role, kinds)
    beside = BesideCreate(removal, seen, access, kind)
    plan_again = partial(_plan_again, removal, seen, beside, kind, tried)
    if dry_run != "client":
        rehearse(steps, desired, seen.kubernetes, plan_again, deadline)
    after = forecast_role(seen.role, steps, kinds)
    reporter.planned(steps, snapshot(seen.cluster, seen.role), snapshot(seen.cluster, after))
    notices = _still_running(removal, seen, steps, deadline)
    left = after.service_accounts.get(desired.subject)
    if dry_run == "none":
        steps, left = _apply(steps, removal, seen, beside, access, kinds, plan_again, reporter, tried)
        look = partial(_look_beside, tried, seen, beside, left)
        bounded("looking at what is left", look, deadline)
    role = seen.role.role
    return DeleteResult(
        facts=seen.cluster,
        subject=desired.subject,
        role_name=seen.role.role_name,
        role_arn=role.arn if role else None,
        steps=steps,
        finalizers=left.finalizers if left and left.deleting else (),
        notices=(*left_behind(removal, seen.role, kind), *still_there(removal, seen.role), *notices),
        via=kind.name,
    )


def _apply(
    steps: tuple[Step, ...],
    removal: DeleteRequest,
    seen: Observation,
    beside: BesideCreate,
    access: Access,
    kinds: Kinds,
    plan_again: PlanAgain,
    reporter: Reporter,
    tried: list[Step],
) -> tuple[tuple[Step, ...], ServiceAccount | None]:
    """The steps that were done, as they turned out, and what is left of the ServiceAccount."""
    subject, deadline, done = removal.desired.subject, access.deadline, []
    left = seen.role.service_accounts.get(subject)
    purge = removal.overrides.policies_of_others
    applier = Applier(removal.desired, seen, access, kinds, purge=purge)
    for place, step in enumerate(steps):
        try:
            if isinstance(step, DeleteRole):
                bounded("reading the ServiceAccount", beside.require_unbound, deadline)
            once = partial(write, step, applier, subject, plan_again, deadline)
            is_done = bounded(f"writing {step.target}", once, deadline)
        except IamsaError as error:
            if not isinstance(step, DeleteRole) or not may_be_done(error):
                _forget(steps[:place], seen, access, error)
            raise
        tried.append(step)
        if step.target.kind == "serviceaccount":
            left = applier.account
        turned_out = _turned_out(step, left) if is_done else step
        try:
            if is_done:
                done.append(turned_out)
                reporter.done(turned_out)
            else:
                reporter.left(step, "it was changed by somebody else meanwhile")
        except BaseException:
            _forget(steps[: place + 1], seen, access)
            raise
    return tuple(done), left


def _look_beside(
    tried: list[Step], seen: Observation, beside: BesideCreate, left: ServiceAccount | None
) -> None:
    wrote_account = any(step.phase == Phase.SERVICE_ACCOUNT for step in tried)
    if _has_deleted_role(tried):
        beside.after_role(left, is_known=wrote_account)
    elif wrote_account and seen.role.role is None:
        beside.after_account()


def _forget(
    done: tuple[Step, ...], seen: Observation, access: Access, error: IamsaError | None = None
) -> None:
    role = seen.role.role
    if role and not _has_deleted_role(done):
        Recorded(role.name, access.iam, access.deadline).forget(role, done, error)


def _plan_again(
    removal: DeleteRequest,
    seen: Observation,
    beside: BesideCreate,
    kind: BindingKind,
    tried: list[Step],
    account: ServiceAccount | None,
) -> Iterator[Step]:
    if _has_deleted_role(tried) and beside.is_bound(account):
        # By another run, to a role of the same name that it may have made anew.
        return
    facts = replace(seen.role, service_accounts={removal.desired.subject: account})
    yield from kind.release(removal, seen.cluster, facts)
    yield from kind.end(removal, seen.cluster, facts)


def _has_deleted_role(steps: Iterable[Step]) -> bool:
    return any(isinstance(step, DeleteRole) for step in steps)


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
