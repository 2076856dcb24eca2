# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole job of delete: observe, plan, rehearse, apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from ..apply.applier import Applier
from ..apply.concurrent_create import ConcurrentCreate
from ..apply.record_cleanup import RecordCleanup, may_be_done
from ..apply.retry_on_conflict import retry_on_conflict
from ..bindings.binding import Kinds
from ..bindings.registry import KINDS
from ..cluster.access import Access
from ..cluster.observation import Observation
from ..concurrency import besides, bounded
from ..errors import Denied, IamsaError, RemoteError, TimedOut
from ..model.desired import DeleteRequest
from ..model.observed import ServiceAccount
from ..model.outcome import DeleteResult
from ..model.steps.base import Phase
from ..model.steps.kubernetes import DeleteServiceAccount
from ..model.steps.role import DeleteRole
from ..model.steps.step import Step
from ..observe.delete import observe_for_delete
from ..plan.delete import left_behind, plan_deletion, still_there
from ..plan.forecast import forecast_role
from ..plan.snapshot import snapshot
from .rehearse import rehearse
from .run import DryRun, Reporter, Run
from .write import PlanAgain, write


def remove(
    request: DeleteRequest,
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
    run, tried = Run(request.desired, access, reporter, dry_run, kinds), list[Step]()
    return retry_on_conflict(lambda: _remove(run, request, tried), access.deadline, unless=tried)


def _remove(run: Run, request: DeleteRequest, tried: list[Step]) -> DeleteResult:
    """`tried` is told of each step, whether it is done or has nothing left to do."""
    seen = observe_for_delete(run.desired, run.access, run.kinds)

    steps = plan_deletion(request, seen.cluster, seen.role, run.kinds)
    after = forecast_role(seen.role, steps, run.kinds)
    create = ConcurrentCreate(request, seen, run.access, run.kind)
    plan_again = partial(_plan_again, run, request, seen, create, tried)

    if run.dry_run != "client":
        rehearse(run, seen.kubernetes, steps, plan_again)
    run.reporter.planned(steps, snapshot(seen.cluster, seen.role), snapshot(seen.cluster, after))
    notices = _still_running(run, seen, steps)
    left = after.service_accounts.get(run.subject)
    if run.dry_run == "none":
        purge = request.overrides.policies_of_others
        applier = Applier(run.desired, seen, run.access, run.kinds, purge=purge)
        steps, left = _apply(run, seen, steps, applier, create, plan_again, tried)
        check = partial(_check_for_create, seen, create, left, tried)
        bounded("looking at what is left", check, run.deadline)
    role = seen.role.role
    return DeleteResult(
        facts=seen.cluster,
        subject=run.subject,
        role_name=seen.role.role_name,
        role_arn=role.arn if role else None,
        steps=steps,
        finalizers=left.finalizers if left and left.deleting else (),
        notices=(
            *left_behind(request, seen.role, run.kind),
            *still_there(request, seen.role),
            *notices,
        ),
        via=run.kind.name,
    )


def _apply(
    run: Run,
    seen: Observation,
    steps: tuple[Step, ...],
    applier: Applier,
    create: ConcurrentCreate,
    plan_again: PlanAgain,
    tried: list[Step],
) -> tuple[tuple[Step, ...], ServiceAccount | None]:
    """The steps that were done, as they turned out, and what is left of the ServiceAccount."""
    left, done = seen.role.service_accounts.get(run.subject), list[Step]()
    for place, step in enumerate(steps):
        try:
            if isinstance(step, DeleteRole):
                bounded("reading the ServiceAccount", create.require_unbound, run.deadline)
            once = partial(write, run, step, applier, plan_again)
            is_done = bounded(f"writing {step.target}", once, run.deadline)
        except IamsaError as error:
            if not isinstance(step, DeleteRole) or not may_be_done(error):
                _forget(run, seen, steps[:place], error)
            raise
        tried.append(step)
        if step.target.kind == "serviceaccount":
            left = applier.account
        turned_out = _turned_out(step, left) if is_done else step
        try:
            if is_done:
                done.append(turned_out)
                run.reporter.done(turned_out)
            else:
                run.reporter.left(step, "it was changed by somebody else meanwhile")
        except BaseException:
            _forget(run, seen, steps[: place + 1])
            raise
    return tuple(done), left


def _plan_again(
    run: Run,
    request: DeleteRequest,
    seen: Observation,
    create: ConcurrentCreate,
    tried: list[Step],
    account: ServiceAccount | None,
) -> Iterator[Step]:
    """The steps for a ServiceAccount that has become `account`."""
    if _has_deleted_role(tried) and create.is_bound(account):
        # To a role of the same name that the other run may have made.
        return
    facts = replace(seen.role, service_accounts={run.subject: account})
    yield from run.kind.release(request, seen.cluster, facts)
    yield from run.kind.end(request, seen.cluster, facts)


def _check_for_create(
    seen: Observation, create: ConcurrentCreate, left: ServiceAccount | None, tried: list[Step]
) -> None:
    wrote_account = any(step.phase == Phase.SERVICE_ACCOUNT for step in tried)
    if _has_deleted_role(tried):
        create.after_role(left, is_known=wrote_account)
    elif wrote_account and seen.role.role is None:
        create.after_account()


def _forget(run: Run, seen: Observation, done: tuple[Step, ...], error: IamsaError | None = None) -> None:
    role = seen.role.role
    if role and not _has_deleted_role(done):
        RecordCleanup(role.name, run.access.iam, run.deadline).forget(role, done, error)


def _has_deleted_role(steps: Iterable[Step]) -> bool:
    return any(isinstance(step, DeleteRole) for step in steps)


def _turned_out(step: Step, left: ServiceAccount | None) -> Step:
    """Finalizers that are found only then may hold a ServiceAccount that is deleted."""
    if isinstance(step, DeleteServiceAccount):
        return replace(step, finalizers=left.finalizers if left else ())
    return step


def _still_running(run: Run, seen: Observation, steps: tuple[Step, ...]) -> tuple[str, ...]:
    """Who runs under the ServiceAccount and is about to lose what it can do."""
    subject = run.subject
    if not steps or seen.role.service_accounts.get(subject) is None:
        return ()
    try:
        pods = besides("looking for pods", partial(seen.kubernetes.running_pods, subject), run.deadline)
    except Denied:
        return ()
    except (RemoteError, TimedOut):
        # A hint that cannot be given must not stop what was asked for.
        return (f"pods could not be listed; those that run under serviceaccount {subject} lose the role",)
    return tuple(f"{pod.kind.lower()}/{pod.name} runs under serviceaccount {subject}" for pod in pods or ())
