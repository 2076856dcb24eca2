# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for the role itself: ownership, trust, boundary, tags, settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..errors import NotFound, Refused
from ..model.constants import TAG_BOUNDARY
from ..model.ownership import Ownership, boundary_of_tag, role_owner
from ..model.predecessor import is_predecessors
from ..model.state import ClusterFacts, Desired, Role, RoleFacts
from ..model.steps import Phase, ResourceRef, Step
from ..model.targets import annotated_role, grant_for, role_target
from .tags import creation_tags, tag_steps
from .trust import trust_steps


def role_steps(desired: Desired, facts: ClusterFacts, observed: RoleFacts) -> Iterator[Step]:
    """Create the role, or mend what has drifted on it.

    Raises:
        Refused: the role is not ours, carries foreign trust statements, or lies under another path.
    """
    role = observed.role
    if role is None:
        yield _creation(desired, facts, observed)
        return
    _refuse_service_linked(role)
    owner = role_owner(role.tags, facts.cluster, desired.subject)
    _refuse_foreign_role(desired, facts, observed, role, owner)
    _refuse_other_path(desired, role)
    yield from _boundary(desired, role)
    yield from _settings(desired, role)
    yield from trust_steps(desired, facts, role, owner)
    yield from tag_steps(desired, facts, observed, role, owner)


def _creation(desired: Desired, facts: ClusterFacts, observed: RoleFacts) -> Step:
    if not desired.consent.create_role:
        raise NotFound(
            f"role {observed.role_name} does not exist",
            remedy="create it with kubectl iamsa create, or give the right --role-name",
            resource=f"role/{observed.role_name}",
        )
    made = role_target(desired, facts, observed.role_name)
    account = observed.service_accounts.get(desired.subject)
    annotated = annotated_role(account, facts.home)
    if annotated and not desired.role.name and str(annotated) != made.arn:
        raise Refused(
            f"serviceaccount {desired.subject} names the role {annotated}, which does not exist",
            remedy=f"--role-name {annotated.name} --path {annotated.path} to create it, or --role-name with"
            " another name and --force-conflicts to move the ServiceAccount",
            resource=f"role/{annotated.name}",
        )
    target = ResourceRef("role", made.name)
    made = replace(made, tags=creation_tags(desired, facts, observed))
    return Step("create", target, Phase.ROLE, None, made, f"{target} created")


def _refuse_foreign_role(
    desired: Desired, facts: ClusterFacts, observed: RoleFacts, role: Role, owner: Ownership
) -> None:
    consent = desired.consent
    if owner.verdict == "rebound" and not consent.rebind:
        raise Refused(
            f"role {role.name} was made for an earlier cluster of the same name, with the issuer"
            f" {owner.issuer}",
            remedy="add --rebind to bind it to the cluster of today",
            resource=f"role/{role.name}",
        )
    if owner.verdict == "foreign" and not consent.adopt:
        raise _foreign(desired, facts, observed, role, owner)


def _foreign(
    desired: Desired, facts: ClusterFacts, observed: RoleFacts, role: Role, owner: Ownership
) -> Refused:
    account = observed.service_accounts.get(desired.subject)
    named = "" if desired.role.name or not account else f", and serviceaccount {desired.subject} names it"
    move = "another --role-name" + (" and --force-conflicts" if named else "")
    whose = owner.owner
    if is_predecessors(role, facts.cluster, grant_for(desired, facts)):
        whose, named = f"was made by gen3 for serviceaccount {desired.subject}", ""
    return Refused(
        f"role {role.name} {whose}{named}",
        remedy=f"give {move}, or add --adopt to take it away from there"
        if owner.is_another_service_accounts
        else f"add --adopt to take it over, or give {move}",
        resource=f"role/{role.name}",
    )


def _refuse_service_linked(role: Role) -> None:
    """AWS alone may change these, and does not let anybody else."""
    if role.path.startswith("/aws-service-role/"):
        raise Refused(
            f"role {role.name} is a service-linked role, which only its AWS service may change",
            remedy="give another --role-name",
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


def _boundary(desired: Desired, role: Role) -> Iterator[Step]:
    """Set the asked boundary; put a recorded one back if it went missing; else leave what is there."""
    target = ResourceRef("role", role.name, "boundary")
    if desired.role.removes_permissions_boundary:
        if role.permissions_boundary:
            sentence = f"{target} permissions boundary {role.permissions_boundary} removed"
            yield Step("remove", target, Phase.UNBOUNDING, role.permissions_boundary, None, sentence)
        return
    wanted = desired.role.permissions_boundary
    recorded = role.tags.get(TAG_BOUNDARY)
    restores = not wanted and not role.permissions_boundary and recorded
    if restores and recorded:
        wanted = boundary_of_tag(recorded)
    if wanted and wanted != role.permissions_boundary:
        sentence = f"{target} permissions boundary {wanted} {'restored' if restores else 'set'}"
        yield Step("set", target, Phase.BOUNDARY, role.permissions_boundary, wanted, sentence)


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
        yield Step("set", target, Phase.BOUNDARY, before, after, f"{target} {changed} set")
