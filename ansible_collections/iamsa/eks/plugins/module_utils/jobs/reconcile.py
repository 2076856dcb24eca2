# SPDX-License-Identifier: GPL-3.0-or-later

"""The job of create and update: two waves of reads, plan, rehearse, apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ..apply.rehearsal import Rehearsal
from ..apply.retry_on_conflict import retry_on_conflict
from ..bindings.writer import Writers
from ..bindings.writers import WRITERS
from ..cluster.access import Access
from ..cluster.observation import Observation
from ..concurrency import bounded, side_by_side
from ..model.desired import Desired
from ..model.outcome import Outcome
from ..model.steps.kubernetes import CreateNamespace
from ..model.steps.step import Step
from ..model.target import Target
from ..observe.observer import Observer
from ..observe.quotas import with_quotas
from ..observe.wanted_role import WantedRole
from ..plan.create import binding_steps, plan
from ..plan.forecast import forecast_cluster, forecast_role
from ..plan.resolve import resolve
from ..plan.snapshot import snapshot
from ..plan.trust_room import needs_quotas
from .conflict import Writer, attempts, in_place_of
from .early_rehearsal import early_steps
from .notices import not_rehearsed, notices_of
from .outcome import outcome_of
from .restarts import restarts_after
from .run import DryRun, Reporter, Run


def ensure(
    desired: Desired,
    access: Access,
    reporter: Reporter,
    *,
    dry_run: DryRun = "none",
    kinds: Writers = WRITERS,
) -> Outcome:
    """Create or update the role and the ServiceAccount, or plan it in a dry run.

    Raises:
        NotFound: a policy, the namespace or the OIDC provider does not exist.
        Refused: the run would change something that is not managed by iamsa.
        IamsaError: any other failure. Nothing was written unless `reporter` received a step.
    """
    run, done = Run(desired, access, reporter, dry_run, kinds), list[Step]()
    return retry_on_conflict(lambda: _reconcile(run, done), access.deadline, unless=done)


def _reconcile(run: Run, done: list[Step]) -> Outcome:
    """`done` receives each completed step."""
    observer = Observer(run.desired, run.access, run.kind, WantedRole(run.desired, run.access))
    first = observer.first_wave()
    rehearsal = Rehearsal(first.kubernetes, run.desired.service_account.field_manager)
    early = partial(rehearsal.try_early, early_steps(run, first))
    seen, _early = side_by_side("reading the role", run.deadline, partial(observer.second_wave, first), early)

    target = resolve(run.desired, seen.cluster, seen.observed, run.kinds)
    if needs_quotas(target, seen.cluster, seen.observed):
        seen = with_quotas(seen, run.access)
    steps = plan(target, seen.cluster, seen.observed, run.kinds)
    cluster, then = forecast_cluster(seen.cluster, steps), forecast_role(seen.observed, steps, run.kinds)
    notices = notices_of(target, seen, steps, then, run.kind)

    if run.dry_run != "client":
        _rehearse(run, steps, rehearsal, target, seen)
    run.reporter.planned(steps, snapshot(seen.cluster, seen.observed), snapshot(cluster, then))
    if run.dry_run != "none":
        unsure = not_rehearsed(run.desired, seen) if run.dry_run == "client" else rehearsal.notices
        restarts, unknown = restarts_after(run, seen, steps)
        return outcome_of(run, seen, cluster, then, steps, restarts, (*notices, *unsure, *unknown))

    if not steps:
        return outcome_of(run, seen, cluster, then, steps, (), notices)

    # Imported late, because most runs write nothing.
    from ..apply.applier import Applier  # noqa: PLC0415
    from .steps_done import StepsDone  # noqa: PLC0415
    from .visible import wait_until_visible_and_bound  # noqa: PLC0415

    applier = Applier(run.desired, seen, run.access, run.kinds)
    steps_done = StepsDone(run, seen.observed, steps, done)
    for step in steps:
        with steps_done.doing(step) as doing:
            write = partial(_write, run, step, applier, target, seen)
            doing.turned_out = bounded(f"writing {step.target}", write, run.deadline)
        if isinstance(step, CreateNamespace):
            # The ServiceAccount can be rehearsed only now, still before the first write to AWS.
            again = Rehearsal(seen.kubernetes, run.desired.service_account.field_manager)
            _rehearse(run, [one for one in steps if one.target.kind == "serviceaccount"], again, target, seen)

    if applier.service_account:
        then = replace(then, service_accounts={run.subject: applier.service_account})
    (restarts, unknown), not_visible = side_by_side(
        "checking the result",
        run.deadline,
        lambda: restarts_after(run, seen, steps),
        lambda: wait_until_visible_and_bound(run, seen, then, steps, role_id=applier.role_id),
    )
    done_steps = tuple(steps_done.reported)
    return outcome_of(run, seen, cluster, then, done_steps, restarts, (*notices, *unknown, *not_visible))


def _rehearse(
    run: Run, steps: Sequence[Step], rehearsal: Rehearsal, target: Target, seen: Observation
) -> None:
    def rehearse() -> None:
        for step in steps:
            _write(run, step, rehearsal, target, seen)

    bounded("rehearsing", rehearse, run.deadline)


def _write(run: Run, step: Step, writer: Writer, target: Target, seen: Observation) -> Step | None:
    """Write a step; a ServiceAccount that was changed concurrently is read, planned and written again.

    Returns the step that was written, None if a concurrent change already had its effect.

    Raises:
        Refused: the concurrent change must not be overwritten.
        RemoteError: the ServiceAccount keeps changing.
    """
    for _attempt in attempts(run.subject, run.deadline):
        if writer.apply(step):
            return step
        service_account = writer.read_again(run.subject)
        fresh = in_place_of(
            step, binding_steps(target, seen.cluster, seen.observed, service_account, run.kind)
        )
        if fresh is None:
            return None
        step = fresh
    raise AssertionError("the attempts end with a step or an error")
