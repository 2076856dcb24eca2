# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for the role itself: ownership, trust, boundary, tags and settings."""

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
from .trust_room import another_role, obstacle


def role_steps(target: Target, cluster: ClusterFacts, observed: Observed) -> Iterator[RoleStep]:
    """Create the role, or fix drift of an existing one.

    Raises:
        Refused: iamsa does not own the role or some of its trust statements, or the role has another path.
        NotFound: the role does not exist and may not be created.
    """
    role = observed.role
    if role is None:
        yield _creation(target, observed)
        return
    if protection(role):
        raise Refused(
            f"role {role.name} {protection(role)}",
            remedy="use " + another_role(target),
            resource=ResourceRef("role", role.name),
        )
    owner = role_owner(role.tags, cluster.cluster, target.subject)
    _refuse_unmanaged_role(target, cluster, observed, role, owner)
    _refuse_other_path(target, role)
    yield from boundary_steps(target, role)
    yield from _settings(target, role)
    hindered = obstacle(target, cluster, observed)
    yield from trust_steps(target, role, owner, observed.pod_use, obstacle=hindered)
    yield from tag_steps(target, observed, role, owner)


def _creation(target: Target, observed: Observed) -> CreateRole:
    if not target.asked.create_role:
        raise NotFound(
            f"role {observed.role_name} does not exist",
            remedy="create it with " + Command("create") + ", or check " + Option("role_name"),
            resource=ResourceRef("role", observed.role_name),
        )
    made = target.role
    bound = target.bound
    if bound and not target.asked.role.name and str(bound) != made.arn:
        there = Option("role_name", bound.name) + " " + Option("path", bound.path) + " to create it, or "
        raise Refused(
            f"serviceaccount {target.subject} is bound to role {bound}, which does not exist",
            remedy="use "
            + ("" if is_reserved_path(bound.path) else there)
            + ("another " + Option("role_name") + " and ")
            + Option("force_conflicts")
            + " to bind the ServiceAccount to that role instead",
            resource=ResourceRef("role", bound.name),
        )
    return CreateRole(made)


def _refuse_unmanaged_role(
    target: Target, cluster: ClusterFacts, observed: Observed, role: Role, owner: Ownership
) -> None:
    overrides, hindered = target.overrides, obstacle(target, cluster, observed)
    if owner.verdict == "rebound" and not overrides.rebind:
        raise Refused(
            f"role {role.name} was created for an earlier cluster with the same name, whose issuer is"
            f" {owner.issuer}",
            remedy="add " + Option("rebind") + " to reuse it for the current cluster"
            if not hindered
            else "use "
            + another_role(target)
            + ", or add "
            + Option("rebind")
            + " and "
            + Option("replace_trust")
            + f" to reuse it without the statements that iamsa did not add: its trust policy {hindered}",
            resource=ResourceRef("role", role.name),
        )
    if owner.verdict == "unmanaged" and not overrides.adopt:
        raise _unmanaged(target, cluster, observed, role, owner, hindered)


def _unmanaged(
    target: Target, cluster: ClusterFacts, observed: Observed, role: Role, owner: Ownership, hindered: str
) -> Refused:
    named = f", and serviceaccount {target.subject} is bound to it" if target.is_bound else ""
    move = another_role(target)
    whose = owner.owner
    if is_made_by_gen3(role, cluster.cluster, target.grant):
        whose, named = f"was created by gen3 for serviceaccount {target.subject}", ""
    if hindered:
        return Refused(
            f"role {role.name} {whose}{named}, and its trust policy {hindered}",
            remedy="use "
            + move
            + ", or add "
            + Option("adopt")
            + " and "
            + Option("replace_trust")
            + " to adopt it and remove trust statements that iamsa did not add",
            resource=ResourceRef("role", role.name),
        )
    if not have_room(target, observed, role, owner):
        return Refused(
            f"role {role.name} {whose}{named}, and its {len(role.tags)} tags leave no room for iamsa's",
            remedy="use " + move + ", or remove tags that are no longer needed",
            resource=ResourceRef("role", role.name),
        )
    return Refused(
        f"role {role.name} {whose}{named}",
        remedy="use " + move + ", or add " + Option("adopt") + " to adopt it from that ServiceAccount"
        if owner.is_another_service_accounts
        else "add " + Option("adopt") + " to adopt it, or use " + move,
        resource=ResourceRef("role", role.name),
    )


def _refuse_other_path(target: Target, role: Role) -> None:
    asked = target.asked.role.path
    if asked and asked != role.path:
        raise Refused(
            f"role {role.name} has the path {role.path}, not {asked}, and a role's path cannot be changed",
            remedy="omit " + Option("path") + ", or use " + Option("path", role.path),
            resource=ResourceRef("role", role.name),
        )


def _settings(target: Target, role: Role) -> Iterator[SetRoleSettings]:
    # UpdateRole resets the session duration to one hour if it is omitted, so both are always sent.
    description, seconds = target.role.description, target.role.max_session_duration
    has_new_length = seconds != role.max_session_duration
    if (description or "") != (role.description or "") or has_new_length:
        changed = ["description"] * (description != role.description)
        changed += ["max session duration"] * has_new_length
        yield SetRoleSettings(role.name, description, seconds, tuple(changed))
