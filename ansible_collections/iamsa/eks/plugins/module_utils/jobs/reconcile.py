# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole job of create and update: two waves of reads, plan, rehearse, apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ..apply.applier import Applier
from ..apply.recorded import Recorded
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
from ..plan.create import binding_steps, plan
from ..plan.forecast import forecast_cluster, forecast_role
from ..plan.resolve import resolve, without_role
from ..plan.snapshot import snapshot
from ..plan.trust_room import needs_quotas
from .notices import notices_of, taken_on_trust
from .outcome import outcome_of
from .rehearse import EarlyRehearsal, rehearse
from .reporter import DryRun, Reporter
from .restarts import restarts_after
from .visible import wait_until_shown
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
    done: list[Step] = []
    run = partial(_reconcile, desired, access, reporter, dry_run, kinds, done)
    return retry_on_conflict(run, access.deadline, unless=done)


def _reconcile(
    desired: Desired,
    access: Access,
    reporter: Reporter,
    dry_run: DryRun,
    kinds: Kinds,
    done: list[Step],
) -> Outcome:
    """`done` is told of each step that is done."""
    deadline, kind = access.deadline, kinds[desired.kind]
    observer = Observer(desired, access, kind)

    first = observer.first_wave()
    early = _early_rehearsal(desired, first, access, dry_run, kinds)
    seen, _done = side_by_side("reading the role", deadline, partial(observer.second_wave, first), early.run)
    target = resolve(desired, seen.cluster, seen.role, kinds)
    if needs_quotas(target, seen.cluster, seen.role):
        seen = with_quotas(seen, access)

    steps = plan(target, seen.cluster, seen.role, kinds)
    cluster, role = forecast_cluster(seen.cluster, steps), forecast_role(seen.role, steps, kinds)
    notices = notices_of(target, seen, steps, role, kind)
    plan_again = partial(binding_steps, target=target, facts=seen.cluster, observed=seen.role, kind=kind)

    if dry_run == "client":
        unrehearsed = taken_on_trust(desired, seen)
    else:
        rest = early.rest_of(steps)
        unrehearsed = rehearse(rest, desired, seen.kubernetes, plan_again, deadline)
    reporter.planned(steps, snapshot(seen.cluster, seen.role), snapshot(cluster, role))
    if dry_run != "none":
        restarts, unknown = restarts_after(steps, desired, seen, deadline, kind)
        told = (*notices, *unrehearsed, *unknown)
        return outcome_of(desired, seen, cluster, role, steps, restarts, told, kind)

    applier = Applier(desired, seen, access, kinds)
    _apply(steps, applier, desired, seen, access, plan_again, reporter, done)
    if applier.account:
        role = replace(role, service_accounts={desired.subject: applier.account})
    (restarts, unknown), unshown = side_by_side(
        "looking at the result",
        deadline,
        partial(restarts_after, steps, desired, seen, deadline, kind),
        partial(wait_until_shown, steps, desired, seen, role, access, kind, role_id=applier.role_id),
    )
    told = (*notices, *unknown, *unshown)
    return outcome_of(desired, seen, cluster, role, steps, restarts, told, kind)


def _apply(
    steps: tuple[Step, ...],
    applier: Applier,
    desired: Desired,
    seen: Observation,
    access: Access,
    plan_again: PlanAgain,
    reporter: Reporter,
    done: list[Step],
) -> None:
    found, deadline = seen.role.role, access.deadline
    recorded = Recorded(seen.role.role_name, access.iam, deadline)
    for place, step in enumerate(steps):
        once = partial(write, step, applier, desired.subject, plan_again, deadline)
        try:
            bounded(f"writing {step.target}", once, deadline)
        except IamsaError as error:
            recorded.take_back(found, steps, place, error)
            raise
        done.append(step)
        try:
            reporter.done(step)
        except BaseException:
            recorded.take_back(found, steps, place + 1)
            raise
        if isinstance(step, CreateNamespace):
            # Only now can the rest be tried: AWS is still untouched.
            rest = [one for one in steps if one.target.kind == "serviceaccount"]
            rehearse(rest, desired, seen.kubernetes, plan_again, deadline)


def _early_rehearsal(
    desired: Desired, first: FirstReads, access: Access, dry_run: DryRun, kinds: Kinds
) -> EarlyRehearsal:
    """Of a missing ServiceAccount, whose role is missing too as a rule; see EarlyRehearsal."""
    observed = without_role(desired, first.cluster)
    target = resolve(desired, first.cluster, observed, kinds)
    plan_again = partial(
        binding_steps, target=target, facts=first.cluster, observed=observed, kind=kinds[desired.kind]
    )
    steps: Sequence[Step] = ()
    is_missing = first.described and first.knows_service_account and first.service_account is None
    # Not where the namespace may have to be made first, nor beside many others.
    if dry_run != "client" and is_missing and not desired.overrides.create_namespace:
        try:
            steps = tuple(plan_again(None))
        except IamsaError:
            # Planning in its turn says why.
            steps = ()
    return EarlyRehearsal(steps, desired, first.kubernetes, plan_again, access.deadline)
