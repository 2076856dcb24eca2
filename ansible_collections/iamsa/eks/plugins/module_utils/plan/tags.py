# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for the role's tags: its owner, the requested tags, and the record of the policies added by iamsa."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..errors import Refused
from ..identity.keys import RESERVED_TAGS, TAG_ADOPTED, TAG_BOUNDARY
from ..identity.ownership import Ownership
from ..model.desired import NO_BOUNDARY
from ..model.observed import Observed
from ..model.role import Role, retagged
from ..model.steps.base import Phase
from ..model.steps.role import POLICY_ADDITIONS, POLICY_REMOVALS, TagRole, UntagRole
from ..model.target import Target
from ..policy.attached_by_us import digests_of, entries_of, new_entries, read_record, stale_entries
from ..policy.limits import TAGS, tag_count
from ..policy.reference import ManagedPolicy
from .forecast import forecast_role_steps
from .policies import policy_steps


def tag_steps(
    target: Target, observed: Observed, role: Role, owner: Ownership
) -> Iterator[TagRole | UntagRole]:
    """Record policies, set missing and different tags, and remove those that are to be removed."""
    removed = {**_removed(target, role), **_stale(observed, role)}
    forgotten = _forgotten(target, observed, role)
    # Before a policy is added, so that a crash in between leaves no policy that is not recorded as iamsa's.
    digests = _written(target, observed, role)
    digests |= _declared(target, observed, role, owner) - read_record(role.tags)
    if digests:
        added = new_entries(digests, role.tags, observed.read_at)
        if tag_count(retagged(role.tags, added)).most > TAGS:
            # Entries of an interrupted run that did not add their policies.
            removed = {**removed, **entries_of(digests - _present(observed), role.tags)}
            if removed:
                yield UntagRole(role.name, removed, Phase.RECORD)
                role, removed = _without(role, removed), {}
        yield TagRole(role.name, added, Phase.RECORD)
        role = replace(role, tags=retagged(role.tags, added))
    removed = {**removed, **{key: forgotten[key] for key in forgotten if key in role.tags}}
    if removed:
        # Before other tags are set, because IAM limits their number.
        yield UntagRole(role.name, removed)
        role = _without(role, removed)
    missing = {key: value for key, value in target.role.tags.items() if role.tags.get(key) != value}
    if missing:
        yield TagRole(role.name, missing)


def have_room(target: Target, observed: Observed, role: Role, owner: Ownership) -> bool:
    """Whether the role may have room for the tags that a run would set if it were allowed."""
    try:
        end = forecast_role_steps(observed, tag_steps(target, observed, role, owner))
    except Refused:
        # For another reason, which is reported later.
        return True
    return end.role is None or tag_count(end.role.tags).least <= TAGS


def _forgotten(target: Target, observed: Observed, role: Role) -> dict[str, str]:
    """Existing entries of policies that this run removes or records again."""
    again = _taken(target, observed) | (_written(target, observed, role) - _present(observed))
    return entries_of(again, role.tags)


def _stale(observed: Observed, role: Role) -> dict[str, str]:
    """Entries of policies that are not on the role and that no concurrent run can be about to add."""
    if not observed.knows_inline:
        return {}
    return stale_entries(role.tags, observed.attached, observed.inline, observed.read_at)


def _written(target: Target, observed: Observed, role: Role) -> frozenset[str]:
    """Digests of the policies that this run adds, except those that are present and already recorded."""
    recorded = read_record(role.tags)
    additions = (one for one in policy_steps(target, observed) if isinstance(one, POLICY_ADDITIONS))
    written = frozenset(one.digest for one in additions)
    return written - (recorded & _present(observed))


def _declared(target: Target, observed: Observed, role: Role, owner: Ownership) -> frozenset[str]:
    """Digests of requested policies that the role already has: iamsa's too, unless the role was adopted."""
    if owner.verdict == "unmanaged" or TAG_ADOPTED in role.tags:
        return frozenset()
    managed = {policy.arn for policy in target.policies if isinstance(policy, ManagedPolicy)}
    inline = {policy.name for policy in target.policies if not isinstance(policy, ManagedPolicy)}
    return digests_of(managed & observed.attached.keys(), inline & observed.inline.keys())


def _present(observed: Observed) -> frozenset[str]:
    """Digests of all policies on the role."""
    return digests_of(observed.attached, observed.inline)


def _taken(target: Target, observed: Observed) -> frozenset[str]:
    """Digests of the policies that this run removes."""
    removals = (one for one in policy_steps(target, observed) if isinstance(one, POLICY_REMOVALS))
    return frozenset(one.digest for one in removals)


def _removed(target: Target, role: Role) -> dict[str, str]:
    """The tags to remove, with the keys as the role has them: keys of role tags are not case-sensitive."""
    asked = {key.casefold() for key in target.asked.role.removed_tags}
    if target.asked.role.permissions_boundary == NO_BOUNDARY:
        asked.add(TAG_BOUNDARY.casefold())
    if target.asked.role.purge_tags:
        kept = {key.casefold() for key in target.role.tags}
        others = (key.casefold() for key in role.tags if not key.lower().startswith(RESERVED_TAGS))
        asked |= {key for key in others if key not in kept}
    return {key: value for key, value in role.tags.items() if key.casefold() in asked}


def _without(role: Role, removed: dict[str, str]) -> Role:
    return replace(role, tags={key: role.tags[key] for key in role.tags if key not in removed})
