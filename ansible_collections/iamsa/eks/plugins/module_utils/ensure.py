# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole job of create: observe, plan, rehearse, apply."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Literal, Protocol

from .apply import Applier
from .aws.retry import HIDDEN_SECONDS, found_within
from .cluster.restarts import restart_command
from .concurrency import bounded, side_by_side
from .errors import Denied, NotFound, RemoteError
from .model.constants import ANNOTATION_MARKER, ANNOTATION_ROLE_ARN
from .model.forecast import forecast_cluster, forecast_role
from .model.identity import Subject
from .model.state import ClusterFacts, Desired, RoleFacts, ServiceAccount
from .model.steps import AnnotationsWrite, Outcome, Step
from .model.views import Views, views
from .observe import Observation, observe
from .plan import plan
from .rehearse import rehearse
from .where import Access

DryRun = Literal["none", "client", "server"]


class Reporter(Protocol):
    """Who is told what happens while it happens."""

    def planned(self, steps: tuple[Step, ...], before: Views, after: Views) -> None: ...

    def done(self, step: Step) -> None: ...


def ensure(desired: Desired, access: Access, reporter: Reporter, *, dry_run: DryRun = "none") -> Outcome:
    """Bring about what is desired, or find out what that would take.

    Raises:
        IamsaError: what is in the way. Nothing was written unless `reporter` was told of a step.
    """
    seen = observe(desired, access)
    steps = plan(desired, seen.cluster, seen.role)
    unrehearsed = _rehearse(desired, seen, steps, access) if dry_run != "client" else _unseen(desired, seen)
    cluster = forecast_cluster(seen.cluster, steps)
    role = forecast_role(seen.role, steps, desired.subject)
    reporter.planned(steps, views(seen.cluster, seen.role), views(cluster, role))
    if dry_run != "none":
        restarts, unknown = bounded(
            "looking for pods", lambda: _restarts(desired, seen, steps), access.deadline
        )
        return _outcome(desired.subject, cluster, role, steps, restarts, (*unrehearsed, *unknown))

    account = _apply(desired, seen, steps, access, reporter)
    if account:
        role = replace(role, service_accounts={desired.subject: account})
    (restarts, unknown), _ = side_by_side(
        "looking at the result",
        access.deadline,
        lambda: _restarts(desired, seen, steps),
        lambda: _still_there(access, seen.role) if steps else None,
    )
    return _outcome(desired.subject, cluster, role, steps, restarts, unknown)


def _apply(
    desired: Desired, seen: Observation, steps: tuple[Step, ...], access: Access, reporter: Reporter
) -> ServiceAccount | None:
    """The ServiceAccount as it was written, if it was."""
    applier = Applier(desired, seen, access.iam, access.deadline)
    for step in steps:
        bounded(f"writing {step.target}", partial(applier.apply, step), access.deadline)
        reporter.done(step)
        if step.target.kind == "namespace":
            # Only now can the rest be tried: AWS is still untouched.
            rest = tuple(one for one in steps if one.target.kind == "serviceaccount")
            _rehearse(desired, seen, rest, access)
    return applier.account


def _rehearse(
    desired: Desired, seen: Observation, steps: tuple[Step, ...], access: Access
) -> tuple[str, ...]:
    return bounded("rehearsing", lambda: rehearse(desired, seen, steps, access.deadline), access.deadline)


def _unseen(desired: Desired, seen: Observation) -> tuple[str, ...]:
    """What a run without a rehearsal has to take on trust."""
    namespace = desired.subject.namespace
    if seen.role.namespaces.get(namespace) != "unknown":
        return ()
    return (f"namespace {namespace} could not be looked at and is taken to exist",)


def _outcome(
    subject: Subject,
    cluster: ClusterFacts,
    role: RoleFacts,
    steps: tuple[Step, ...],
    restarts: tuple[str, ...],
    notices: tuple[str, ...],
) -> Outcome:
    account = role.service_accounts[subject]
    assert role.role is not None
    assert account is not None
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
    )


def _restarts(
    desired: Desired, seen: Observation, steps: tuple[Step, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Commands that restart what runs with an earlier role, and what could not be found out.

    Pods keep what the webhook gave them when they were created.
    """
    changes = [step.after for step in steps if step.target.kind == "serviceaccount"]
    if not changes:
        return (), ()
    written = changes[0].changed if isinstance(changes[0], AnnotationsWrite) else changes[0]
    others = written.keys() - {ANNOTATION_ROLE_ARN, ANNOTATION_MARKER}
    right = None if others else written.get(ANNOTATION_ROLE_ARN)
    try:
        pods = seen.kubernetes.running_pods(desired.subject, role_arn=right)
    except (Denied, RemoteError):
        # All is done: a hint that cannot be given must not make a failure of it.
        pods = None
    if pods is None:
        return (), (f"pods could not be listed; those that run under {desired.subject} need a restart",)
    return tuple(restart_command(pod, desired.subject.namespace) for pod in pods), ()


def _still_there(access: Access, seen: RoleFacts) -> None:
    """The annotation is only worth something while its role exists. One made just now may be hidden yet."""
    name = seen.role_name
    seconds = HIDDEN_SECONDS if seen.role is None else 0.0
    look = partial(access.iam.role, name)
    if found_within(seconds, look, access.deadline, f"waiting until IAM shows role {name}") is None:
        raise NotFound(
            f"role {name} was deleted by somebody else while this command ran",
            remedy="run the same command again",
            resource=f"role/{name}",
        )
