# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole job of create and update: two waves of reads, plan, rehearse, apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ..apply.applier import Applier
from ..apply.record_cleanup import RecordCleanup
from ..apply.retry_on_conflict import retry_on_conflict
from ..bindings.binding import Kinds
from ..bindings.registry import KINDS
from ..cluster.access import Access
from ..cluster.observation import FirstReads, Observation
from ..concurrency import bounded, side_by_side
from ..errors import IamsaError
from ..model.desired import Desired
from ..model.outcome import Outcome
from ..model.steps.kubernetes import CreateNamespace
from ..model.steps.step import Step
from ..observe.observer import Observer
from ..observe.quotas import with_quotas
from ..observe.wanted_role import WantedRole
from ..plan.create import binding_steps, plan
from ..plan.forecast import forecast_cluster, forecast_role
from ..plan.resolve import resolve, without_role
from ..plan.snapshot import snapshot
from ..plan.trust_room import needs_quotas
from .notices import notices_of, taken_on_trust
from .outcome import outcome_of
from .rehearse import EarlyRehearsal, rehearse
from .restarts import restarts_after
from .run import DryRun, Reporter, Run
from .visible import wait_until_visible_and_bound
from .write import PlanAgain, write


def ensure(
    desired: Desired,
    access: Access,
    reporter: Reporter,
    *,
    dry_run: DryRun = "none",
    kinds: Kinds = KINDS,
) -> Outcome:
    """Bring about what is desired, or find out what that would take.

    Raises:
        IamsaError: what is in the way. Nothing was written unless `reporter` was told of a step.
    """
    run, done = Run(desired, access, reporter, dry_run, kinds), list[Step]()
    return retry_on_conflict(lambda: _reconcile(run, done), access.deadline, unless=done)


def _reconcile(run: Run, done: list[Step]) -> Outcome:
    """`done` is told of each step that is done."""
    observer = Observer(run.desired, run.access, run.kind, WantedRole(run.desired, run.access))
    first = observer.first_wave()
    early = _early_rehearsal(run, first)
    seen, _early = side_by_side(
        "reading the role", run.deadline, lambda: observer.second_wave(first), early.run
    )
    target = resolve(run.desired, seen.cluster, seen.role, run.kinds)
    if needs_quotas(target, seen.cluster, seen.role):
        seen = with_quotas(seen, run.access)

    steps = plan(target, seen.cluster, seen.role, run.kinds)
    cluster, role = forecast_cluster(seen.cluster, steps), forecast_role(seen.role, steps, run.kinds)
    notices = notices_of(target, seen, steps, role, run.kind)
    plan_again = partial(binding_steps, target=target, facts=seen.cluster, observed=seen.role, kind=run.kind)

    if run.dry_run == "client":
        unrehearsed = taken_on_trust(run.desired, seen)
    else:
        unrehearsed = rehearse(run, seen.kubernetes, early.rest_of(steps), plan_again)
    run.reporter.planned(steps, snapshot(seen.cluster, seen.role), snapshot(cluster, role))
    if run.dry_run != "none":
        restarts, unknown = restarts_after(run, seen, steps)
        return outcome_of(run, seen, cluster, role, steps, restarts, (*notices, *unrehearsed, *unknown))

    applier = Applier(run.desired, seen, run.access, run.kinds)
    _apply(run, seen, steps, applier, plan_again, done)
    if applier.account:
        role = replace(role, service_accounts={run.subject: applier.account})
    (restarts, unknown), not_visible = side_by_side(
        "looking at the result",
        run.deadline,
        lambda: restarts_after(run, seen, steps),
        lambda: wait_until_visible_and_bound(run, seen, role, steps, role_id=applier.role_id),
    )
    return outcome_of(run, seen, cluster, role, steps, restarts, (*notices, *unknown, *not_visible))


def _early_rehearsal(run: Run, first: FirstReads) -> EarlyRehearsal:
    """Of a missing ServiceAccount as it will be if, as a rule, its role is missing too."""
    observed = without_role(run.desired, first.cluster)
    target = resolve(run.desired, first.cluster, observed, run.kinds)
    plan_again = partial(binding_steps, target=target, facts=first.cluster, observed=observed, kind=run.kind)
    steps: Sequence[Step] = ()
    is_missing = first.described and first.knows_service_account and first.service_account is None
    # Not where the namespace may have to be made first, nor beside many others.
    if run.dry_run != "client" and is_missing and not run.desired.overrides.create_namespace:
        try:
            steps = tuple(plan_again(None))
        except IamsaError:
            # Planning in its turn says why.
            steps = ()
    return EarlyRehearsal(run, first.kubernetes, steps, plan_again)


def _apply(
    run: Run,
    seen: Observation,
    steps: tuple[Step, ...],
    applier: Applier,
    plan_again: PlanAgain,
    done: list[Step],
) -> None:
    cleanup = RecordCleanup(seen.role.role_name, run.access.iam, run.deadline)
    for place, step in enumerate(steps):
        try:
            bounded(f"writing {step.target}", partial(write, run, step, applier, plan_again), run.deadline)
        except IamsaError as error:
            cleanup.take_back(seen.role.role, steps, place, error)
            raise
        done.append(step)
        try:
            run.reporter.done(step)
        except BaseException:
            cleanup.take_back(seen.role.role, steps, place + 1)
            raise
        if isinstance(step, CreateNamespace):
            # Only now can the rest be tried: AWS is still untouched.
            rest = [one for one in steps if one.target.kind == "serviceaccount"]
            rehearse(run, seen.kubernetes, rest, plan_again)
