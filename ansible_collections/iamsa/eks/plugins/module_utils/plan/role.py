# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for the role itself: ownership, trust, boundary, tags, settings."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import NotFound, Refused, ResourceRef
from ..identity.ownership import Ownership, role_owner
from ..model.names import is_reserved_path
from ..model.observed import ClusterFacts, Observed
from ..model.role import Role
from ..model.steps.role import CreateRole, RoleStep, SetRoleSettings
from ..model.target import Target
from ..wording.text import Command, Option
from .boundary import boundary_steps
from .gen3 import is_made_by_gen3
from .protected import protection
from .tags import have_room, tag_steps
from .trust import trust_steps
from .trust_room import another_role, has_room


def role_steps(target: Target, cluster: ClusterFacts, observed: Observed) -> Iterator[RoleStep]:
    """Create the role, or mend what has drifted on it.

    Raises:
        Refused: the role is not ours, carries foreign trust statements, or lies under another path.
    """
    role = observed.role
    if role is None:
        yield _creation(target, observed)
        return
    if protection(role):
        raise Refused(
            f"role {role.name} {protection(role)}",
            remedy="give " + another_role(target),
            resource=ResourceRef("role", role.name),
        )
    owner = role_owner(role.tags, cluster.cluster, target.subject)
    _refuse_foreign_role(target, cluster, observed, role, owner)
    _refuse_other_path(target, role)
    yield from boundary_steps(target, role)
    yield from _settings(target, role)
    room = has_room(target, cluster, observed)
    yield from trust_steps(target, role, owner, observed.pod_use, has_room=room)
    yield from tag_steps(target, observed, role, owner)


def _creation(target: Target, observed: Observed) -> CreateRole:
    if not target.asked.create_role:
        raise NotFound(
            f"role {observed.role_name} does not exist",
            remedy="create it with " + Command("create") + ", or give the right " + Option("role_name"),
            resource=ResourceRef("role", observed.role_name),
        )
    made = target.role
    bound = target.bound
    if bound and not target.asked.role.name and str(bound) != made.arn:
        there = Option("role_name", bound.name) + " " + Option("path", bound.path) + " to create it, or "
        raise Refused(
            f"serviceaccount {target.subject} names the role {bound}, which does not exist",
            remedy=("" if is_reserved_path(bound.path) else there)
            + (Option("role_name") + " with another name and ")
            + Option("force_conflicts")
            + " to move the ServiceAccount",
            resource=ResourceRef("role", bound.name),
        )
    return CreateRole(made)


def _refuse_foreign_role(
    target: Target, cluster: ClusterFacts, observed: Observed, role: Role, owner: Ownership
) -> None:
    overrides = target.overrides
    if owner.verdict == "rebound" and not overrides.rebind:
        raise Refused(
            f"role {role.name} was made for an earlier cluster of the same name, with the issuer"
            f" {owner.issuer}",
            remedy="add " + Option("rebind") + " to bind it to the cluster of today"
            if has_room(target, cluster, observed)
            else "give "
            + another_role(target)
            + ", or add "
            + Option("rebind")
            + " and "
            + Option("replace_trust")
            + ": beside the statements of others there is no room for our statement",
            resource=ResourceRef("role", role.name),
        )
    if owner.verdict == "foreign" and not overrides.adopt:
        raise _foreign(target, cluster, observed, role, owner)


def _foreign(
    target: Target, cluster: ClusterFacts, observed: Observed, role: Role, owner: Ownership
) -> Refused:
    named = f", and serviceaccount {target.subject} names it" if target.is_bound else ""
    move = another_role(target)
    whose = owner.owner
    if is_made_by_gen3(role, cluster.cluster, target.grant):
        whose, named = f"was made by gen3 for serviceaccount {target.subject}", ""
    if not has_room(target, cluster, observed):
        return Refused(
            f"role {role.name} {whose}{named}, and its trust policy has no room for our statement",
            remedy="give "
            + move
            + ", or add "
            + Option("adopt")
            + " and "
            + Option("replace_trust")
            + " to take it over and remove the trust statements of others",
            resource=ResourceRef("role", role.name),
        )
    if not have_room(target, observed, role, owner):
        return Refused(
            f"role {role.name} {whose}{named}, and its {len(role.tags)} tags leave no room for iamsa's",
            remedy="give " + move + ", or remove tags that are no longer needed",
            resource=ResourceRef("role", role.name),
        )
    return Refused(
        f"role {role.name} {whose}{named}",
        remedy="give " + move + ", or add " + Option("adopt") + " to take it away from there"
        if owner.is_another_service_accounts
        else "add " + Option("adopt") + " to take it over, or give " + move,
        resource=ResourceRef("role", role.name),
    )


def _refuse_other_path(target: Target, role: Role) -> None:
    asked = target.asked.role.path
    if asked and asked != role.path:
        raise Refused(
            f"role {role.name} lies under the path {role.path}, not {asked}, and a role cannot be moved",
            remedy="leave out " + Option("path") + " or give " + Option("path", role.path),
            resource=ResourceRef("role", role.name),
        )


def _settings(target: Target, role: Role) -> Iterator[SetRoleSettings]:
    # UpdateRole resets the session length to an hour where it is left out, so both always go together.
    description, seconds = target.role.description, target.role.max_session_duration
    has_new_length = seconds != role.max_session_duration
    if (description or "") != (role.description or "") or has_new_length:
        changed = ["description"] * (description != role.description)
        changed += ["max session duration"] * has_new_length
        yield SetRoleSettings(role.name, description, seconds, tuple(changed))
