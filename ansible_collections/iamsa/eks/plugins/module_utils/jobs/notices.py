# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a create or an update says besides its steps: each sentence is something that a person has to know."""

from __future__ import annotations

from ..cluster.observation import Observation
from ..identity.arn import parse_role_arn
from ..identity.keys import ANNOTATION_ROLE_ARN
from ..model.association import gets
from ..model.desired import Desired
from ..model.observed import Observed
from ..model.steps.step import Step
from ..model.target import Target
from ..plan.boundary import boundary_left
from ..plan.policy_removal import not_there
from ..plan.room import room_notices
from ..plan.trust import conditions_kept, pods_kept


def notices_of(target: Target, seen: Observation, steps: tuple[Step, ...], then: Observed) -> tuple[str, ...]:
    """Of a run that leads to `then`."""
    return (
        *_already_gone(target.asked, seen),
        *_left_behind(target.asked, seen),
        *room_notices(steps),
        *conditions_kept(target, then.role),
        *pods_kept(target, then),
        *boundary_left(target, seen.role.role),
        *_by_association(target.asked, seen, then),
    )


def taken_on_trust(desired: Desired, seen: Observation) -> tuple[str, ...]:
    """Of a run without a rehearsal."""
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
