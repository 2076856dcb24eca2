# SPDX-License-Identifier: GPL-3.0-or-later

"""The job of delete: observe, plan, rehearse, apply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from ..apply.applier import Applier
from ..apply.concurrent_create import ConcurrentCreate
from ..apply.record_cleanup import RecordCleanup, may_be_done
from ..apply.rehearsal import Rehearsal
from ..apply.retry_on_conflict import retry_on_conflict
from ..bindings.writer import Writers
from ..bindings.writers import WRITERS
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
from ..plan.delete import binding_steps, left_behind, plan_deletion, still_there
from ..plan.forecast import forecast_role
from ..plan.snapshot import snapshot
from ..plan.written_back import written_back
from .conflict import Writer, attempts, has_effect, in_place_of
from .run import DryRun, Reporter, Run


def remove(
    request: DeleteRequest,
    access: Access,
    reporter: Reporter,
    *,
    dry_run: DryRun = "none",
    kinds: Writers = WRITERS,
) -> DeleteResult:
    """Delete the role and the ServiceAccount, or plan it in a dry run.

    Raises:
        Absent: neither of them exists.
        Refused: one of them is not managed by iamsa, or is still needed.
        IamsaError: any other failure. Nothing was written unless `reporter` received a step.
    """
    run, tried = Run(request.desired, access, reporter, dry_run, kinds), list[Step]()
    return retry_on_conflict(lambda: _remove(run, request, tried), access.deadline, unless=tried)


def _remove(run: Run, request: DeleteRequest, tried: list[Step]) -> DeleteResult:
    """`tried` receives each step that was done or had nothing left to do."""
    seen = observe_for_delete(run.desired, run.access, run.kinds)

    steps = plan_deletion(request, seen.cluster, seen.observed, run.kinds)
    after = forecast_role(seen.observed, steps, run.kinds)
    create = ConcurrentCreate(request, seen, run.access, run.kind)

    if run.dry_run != "client":
        _rehearse(run, request, seen, steps, create)
    run.reporter.planned(steps, snapshot(seen.cluster, seen.observed), snapshot(seen.cluster, after))
    notices = _still_running(run, seen, steps)
    left = after.service_accounts.get(run.subject)
    if run.dry_run == "none":
        purge = request.overrides.policies_of_others
        applier = Applier(run.desired, seen, run.access, run.kinds, purge=purge)
        steps, left = _apply(run, request, seen, steps, applier, create, tried)
        check = partial(_check_for_create, seen, create, left, tried)
        bounded("checking what is left", check, run.deadline)
    role = seen.observed.role
    return DeleteResult(
        facts=seen.cluster,
        subject=run.subject,
        role_name=seen.observed.role_name,
        role_arn=role.arn if role else None,
        steps=steps,
        finalizers=left.finalizers if left and left.deleting else (),
        notices=(
            *left_behind(request, seen.observed, run.kind),
            *still_there(request, seen.observed),
            *notices,
            *written_back(steps, seen.observed.service_accounts),
        ),
        via=run.kind.name,
    )


def _apply(
    run: Run,
    request: DeleteRequest,
    seen: Observation,
    steps: tuple[Step, ...],
    applier: Applier,
    create: ConcurrentCreate,
    tried: list[Step],
) -> tuple[tuple[Step, ...], ServiceAccount | None]:
    """Return the completed steps with their results, and what is left of the ServiceAccount."""
    left, done = seen.observed.service_accounts.get(run.subject), list[Step]()
    for place, step in enumerate(steps):
        try:
            if isinstance(step, DeleteRole):
                bounded("reading the ServiceAccount", create.require_unbound, run.deadline)
            once = partial(_write, run, request, seen, step, applier, create, tried)
            is_done = bounded(f"writing {step.target}", once, run.deadline)
        except IamsaError as error:
            if not isinstance(step, DeleteRole) or not may_be_done(error):
                _forget(run, seen, steps[:place], error)
            raise
        tried.append(step)
        if step.target.kind == "serviceaccount":
            left = applier.service_account
        turned_out = _turned_out(step, left) if is_done else step
        try:
            if is_done:
                done.append(turned_out)
                run.reporter.done(turned_out)
            else:
                run.reporter.left(step, "it was changed concurrently")
        except BaseException:
            _forget(run, seen, steps[: place + 1])
            raise
    return tuple(done), left


def _rehearse(
    run: Run, request: DeleteRequest, seen: Observation, steps: tuple[Step, ...], create: ConcurrentCreate
) -> None:
    rehearsal = Rehearsal(seen.kubernetes, run.desired.service_account.field_manager)

    def rehearse() -> None:
        for step in steps:
            _write(run, request, seen, step, rehearsal, create, ())

    bounded("rehearsing", rehearse, run.deadline)


def _write(
    run: Run,
    request: DeleteRequest,
    seen: Observation,
    step: Step,
    writer: Writer,
    create: ConcurrentCreate,
    tried: Sequence[Step],
) -> bool:
    """Write a step, and return whether its effect was achieved.

    A ServiceAccount that was changed concurrently is read, planned and written again, as long as there is a
    step for it.

    Raises:
        Refused: the concurrent change must not be removed.
        RemoteError: the ServiceAccount keeps changing.
    """
    for _attempt in attempts(run.subject, run.deadline):
        if writer.apply(step):
            return True
        service_account = writer.read_again(run.subject)
        if _has_deleted_role(tried) and create.is_bound(service_account):
            # The other run may have created a role of the same name, and bound it.
            return has_effect(step, service_account)
        fresh = in_place_of(
            step, binding_steps(request, seen.cluster, seen.observed, service_account, run.kind)
        )
        if fresh is None:
            return has_effect(step, service_account)
        step = fresh
    raise AssertionError("the last attempt returns or raises")


def _check_for_create(
    seen: Observation, create: ConcurrentCreate, left: ServiceAccount | None, tried: list[Step]
) -> None:
    wrote_service_account = any(step.phase == Phase.SERVICE_ACCOUNT for step in tried)
    if _has_deleted_role(tried):
        create.after_role(left, is_known=wrote_service_account)
    elif wrote_service_account and seen.observed.role is None:
        create.after_service_account()


def _forget(run: Run, seen: Observation, done: tuple[Step, ...], error: IamsaError | None = None) -> None:
    role = seen.observed.role
    if role and not _has_deleted_role(done):
        RecordCleanup(role.name, run.access.iam, run.deadline).forget(role, done, error)


def _has_deleted_role(steps: Iterable[Step]) -> bool:
    return any(isinstance(step, DeleteRole) for step in steps)


def _turned_out(step: Step, left: ServiceAccount | None) -> Step:
    """Add the finalizers that delay the deletion, which are known only afterwards."""
    if isinstance(step, DeleteServiceAccount):
        return replace(step, finalizers=left.finalizers if left else ())
    return step


def _still_running(run: Run, seen: Observation, steps: tuple[Step, ...]) -> tuple[str, ...]:
    """Return a notice for each workload that is about to lose the role."""
    subject = run.subject
    if not steps or seen.observed.service_accounts.get(subject) is None:
        return ()
    try:
        pods = besides("looking for pods", partial(seen.kubernetes.running_pods, subject), run.deadline)
    except Denied:
        return ()
    except (RemoteError, TimedOut):
        # A missing notice must not stop the deletion.
        return (f"pods could not be listed; any pods that run under serviceaccount {subject} lose the role",)
    return tuple(f"{pod.kind.lower()}/{pod.name} runs under serviceaccount {subject}" for pod in pods or ())
