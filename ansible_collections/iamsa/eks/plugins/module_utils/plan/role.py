# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for the role itself: ownership, trust, boundary, tags, settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..errors import NotFound, Refused
from ..model.desired import Desired
from ..model.names import is_reserved_path
from ..model.observed import ClusterFacts, Observed
from ..model.role import Role
from ..model.steps import Phase, ResourceRef, Step
from .boundary import boundary_steps
from .gen3 import is_predecessors
from .ownership import Ownership, role_owner
from .protected import protection
from .resolve import annotated_role, grant_for, role_target
from .tags import creation_tags, have_room, tag_steps
from .trust import trust_steps
from .trust_room import another_role, has_room, is_named


def role_steps(desired: Desired, facts: ClusterFacts, observed: Observed) -> Iterator[Step]:
    """Create the role, or mend what has drifted on it.

    Raises:
        Refused: the role is not ours, carries foreign trust statements, or lies under another path.
    """
    role = observed.role
    if role is None:
        yield _creation(desired, facts, observed)
        return
    if protection(role):
        raise Refused(
            f"role {role.name} {protection(role)}",
            remedy=f"give {another_role(desired, observed)}",
            resource=f"role/{role.name}",
        )
    owner = role_owner(role.tags, facts.cluster, desired.subject)
    _refuse_foreign_role(desired, facts, observed, role, owner)
    _refuse_other_path(desired, role)
    yield from boundary_steps(desired, role)
    yield from _settings(desired, role)
    room = has_room(desired, facts, observed)
    yield from trust_steps(desired, facts, role, owner, observed.pod_use, has_room=room)
    yield from tag_steps(desired, facts, observed, role, owner)


def _creation(desired: Desired, facts: ClusterFacts, observed: Observed) -> Step:
    if not desired.create_role:
        raise NotFound(
            f"role {observed.role_name} does not exist",
            remedy="create it with kubectl iamsa create, or give the right --role-name",
            resource=f"role/{observed.role_name}",
        )
    made = role_target(desired, facts, observed.role_name)
    account = observed.service_accounts.get(desired.subject)
    annotated = annotated_role(account, facts.home)
    if annotated and not desired.role.name and str(annotated) != made.arn:
        there = f"--role-name {annotated.name} --path {annotated.path} to create it, or "
        raise Refused(
            f"serviceaccount {desired.subject} names the role {annotated}, which does not exist",
            remedy=("" if is_reserved_path(annotated.path) else there)
            + "--role-name with another name and --force-conflicts to move the ServiceAccount",
            resource=f"role/{annotated.name}",
        )
    target = ResourceRef("role", made.name)
    made = replace(made, tags=creation_tags(desired, facts, observed))
    return Step("create", target, Phase.ROLE, None, made, f"{target} created")


def _refuse_foreign_role(
    desired: Desired, facts: ClusterFacts, observed: Observed, role: Role, owner: Ownership
) -> None:
    overrides = desired.overrides
    if owner.verdict == "rebound" and not overrides.rebind:
        raise Refused(
            f"role {role.name} was made for an earlier cluster of the same name, with the issuer"
            f" {owner.issuer}",
            remedy="add --rebind to bind it to the cluster of today"
            if has_room(desired, facts, observed)
            else f"give {another_role(desired, observed)}, or add --rebind and --replace-trust: beside the"
            " statements of others there is no room for our statement",
            resource=f"role/{role.name}",
        )
    if owner.verdict == "foreign" and not overrides.adopt:
        raise _foreign(desired, facts, observed, role, owner)


def _foreign(
    desired: Desired, facts: ClusterFacts, observed: Observed, role: Role, owner: Ownership
) -> Refused:
    named = f", and serviceaccount {desired.subject} names it" if is_named(desired, observed) else ""
    move = another_role(desired, observed)
    whose = owner.owner
    if is_predecessors(role, facts.cluster, grant_for(desired, facts)):
        whose, named = f"was made by gen3 for serviceaccount {desired.subject}", ""
    if not has_room(desired, facts, observed):
        return Refused(
            f"role {role.name} {whose}{named}, and its trust policy has no room for our statement",
            remedy=f"give {move}, or add --adopt and --replace-trust to take it over and remove the trust"
            " statements of others",
            resource=f"role/{role.name}",
        )
    if not have_room(desired, facts, observed, role, owner):
        return Refused(
            f"role {role.name} {whose}{named}, and its {len(role.tags)} tags leave no room for iamsa's",
            remedy=f"give {move}, or remove tags that are no longer needed",
            resource=f"role/{role.name}",
        )
    return Refused(
        f"role {role.name} {whose}{named}",
        remedy=f"give {move}, or add --adopt to take it away from there"
        if owner.is_another_service_accounts
        else f"add --adopt to take it over, or give {move}",
        resource=f"role/{role.name}",
    )


def _refuse_other_path(desired: Desired, role: Role) -> None:
    if desired.role.path and desired.role.path != role.path:
        raise Refused(
            f"role {role.name} lies under the path {role.path}, not {desired.role.path}, and a role cannot"
            " be moved",
            remedy=f"leave out --path or give --path {role.path}",
            resource=f"role/{role.name}",
        )


def _settings(desired: Desired, role: Role) -> Iterator[Step]:
    # UpdateRole resets the session length to an hour where it is left out, so both always go together.
    before = {"description": role.description, "max_session_duration": role.max_session_duration}
    asked = {
        "description": desired.role.description,
        "max_session_duration": desired.role.max_session_duration,
    }
    after = {key: before[key] if value is None else value for key, value in asked.items()}
    if (before["description"] or "", before["max_session_duration"]) != (
        after["description"] or "",
        after["max_session_duration"],
    ):
        target = ResourceRef("role", role.name, "settings")
        changed = " and ".join(key.replace("_", " ") for key in before if before[key] != after[key])
        yield Step("set", target, Phase.TAGS, before, after, f"{target} {changed} set")
