# SPDX-License-Identifier: GPL-3.0-or-later

"""The notices of create and update: what users must know besides the steps."""

from __future__ import annotations

from ..bindings.binding import BindingKind
from ..cluster.observation import Observation
from ..identity.arn import parse_role_arn
from ..model.association import gets
from ..model.desired import Desired
from ..model.observed import Observed
from ..model.steps.step import Step
from ..model.target import Target
from ..plan.boundary import boundary_left
from ..plan.policies import not_there
from ..plan.room import room_notices
from ..plan.trust import conditions_kept, pods_kept
from ..plan.written_back import written_back
from ..policy.warnings import policy_warnings
from ..wording.text import Sentence


def notices_of(
    target: Target, seen: Observation, steps: tuple[Step, ...], then: Observed, kind: BindingKind
) -> tuple[Sentence, ...]:
    """Return the notices of a run whose result is `then`."""
    return (
        *_already_gone(target.asked, seen),
        *_left_behind(target.asked, seen, kind),
        *room_notices(steps),
        *conditions_kept(target, then.role),
        *pods_kept(target, then),
        *boundary_left(target, seen.observed.role),
        *policy_warnings(target.policies),
        *written_back(steps, seen.observed.service_accounts),
        *_by_association(target.asked, seen, then, kind),
    )


def not_rehearsed(desired: Desired, seen: Observation) -> tuple[Sentence, ...]:
    """Return the notices of a run without a rehearsal."""
    namespace = desired.subject.namespace
    state = seen.observed.namespaces.get(namespace)
    if state == "unknown":
        return (f"namespace {namespace} could not be read and is assumed to exist",)
    if state == "missing" and desired.overrides.assume_namespace:
        return (f"namespace {namespace} does not exist and is assumed to be created before the actual run",)
    return ()


def _already_gone(desired: Desired, seen: Observation) -> tuple[Sentence, ...]:
    """Return a notice for each policy to detach that is not on the role.

    Only for update: a create or a task lists such policies in every run.
    """
    if desired.create_role:
        return ()
    return tuple(
        f"role {seen.observed.role_name} has no policy {name}" for name in not_there(desired, seen.observed)
    )


def _by_association(
    desired: Desired, seen: Observation, then: Observed, kind: BindingKind
) -> tuple[Sentence, ...]:
    """Return a notice if an association gives the pods another role than the one of this run."""
    association = seen.associations.in_force
    if association is None:
        return ()
    named = _bound_role(desired, then, kind)
    return (f"serviceaccount {desired.subject} {gets(association, named)}",)


def _left_behind(desired: Desired, seen: Observation, kind: BindingKind) -> tuple[Sentence, ...]:
    """Return a notice about the previous role of the ServiceAccount, which still exists."""
    named = _bound_role(desired, seen.observed, kind)
    if parse_role_arn(named) is None or seen.cluster.home.names(named, seen.observed.role_name):
        return ()
    return (f"serviceaccount {desired.subject} previously used {named}; that role is left unchanged",)


def _bound_role(desired: Desired, observed: Observed, kind: BindingKind) -> str:
    subject = desired.subject
    return kind.bound_role(observed.service_accounts.get(subject), observed.bindings.get(subject)) or ""
