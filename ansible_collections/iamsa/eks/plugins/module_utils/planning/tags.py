# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for the role's tags: whose it is, what the user asked for, and which policies iamsa put on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..errors import Refused
from ..model.constants import TAG_ADOPTED, TAG_BOUNDARY
from ..model.forecast import retagged
from ..model.ownership import Ownership
from ..model.policy import ManagedPolicy
from ..model.record import inline_digest, managed_digest, read_record, record_tags
from ..model.state import ClusterFacts, Desired, Role, RoleFacts
from ..model.steps import Phase, ResourceRef, Step
from ..model.targets import tags_target
from .policies import policy_steps

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
TAGS_PER_ROLE = 50


def creation_tags(desired: Desired, facts: ClusterFacts, observed: RoleFacts) -> dict[str, str]:
    """All tags of a role that is made: its policies are recorded before it has them."""
    return {**tags_target(desired, facts), **record_tags(_written(desired, observed), {})}


def _record_steps(desired: Desired, observed: RoleFacts, role: Role, owner: Ownership) -> Iterator[Step]:
    """Record a policy before it is put on the role: a crash in between leaves none that counts as foreign."""
    known = read_record(role.tags)
    digests = known | _written(desired, observed) | _declared(observed, role, owner)
    if digests != known:
        record = record_tags(digests, role.tags)
        _refuse_too_many(role, record)
        yield _tagging(role, record, Phase.RECORD)


def tag_steps(
    desired: Desired, facts: ClusterFacts, observed: RoleFacts, role: Role, owner: Ownership
) -> Iterator[Step]:
    """The record of policies, what is missing or wrong among the other tags, and what is to be gone.

    Raises:
        Refused: the role would have more tags than AWS allows.
    """
    for step in _record_steps(desired, observed, role, owner):
        yield step
        role = replace(role, tags=retagged(role.tags, step.after))
    removed = _removed(desired, role)
    if removed:
        # First, to make room: AWS allows only so many.
        target = ResourceRef("role", role.name, "tags")
        before = {key: role.tags[key] for key in removed}
        yield Step("remove", target, Phase.TAGS, before, None, f"{target} tags {', '.join(removed)} removed")
        role = replace(role, tags={key: role.tags[key] for key in role.tags if key not in before})
    wanted = tags_target(desired, facts)
    if owner.verdict == "foreign":
        wanted[TAG_ADOPTED] = "true"
    known = read_record(role.tags)
    digests = (known & _present(observed) if observed.knows_inline else known) - _taken(desired, observed)
    digests |= _written(desired, observed)
    if digests != known:
        wanted.update(record_tags(digests, role.tags))
    missing = {key: value for key, value in wanted.items() if role.tags.get(key) != value}
    _refuse_too_many(role, missing)
    if missing:
        yield _tagging(role, missing, Phase.TAGS)


def _written(desired: Desired, observed: RoleFacts) -> frozenset[str]:
    """Digests of what this run puts on the role."""
    return _digests(step.after for step in policy_steps(desired, observed) if step.after)


def _declared(observed: RoleFacts, role: Role, owner: Ownership) -> frozenset[str]:
    """Digests of what the user asks for and the role has: iamsa's too, unless the role was taken over."""
    if owner.verdict == "foreign" or TAG_ADOPTED in role.tags:
        return frozenset()
    managed = {policy.arn for policy in observed.policies if isinstance(policy, ManagedPolicy)}
    inline = {policy.name for policy in observed.policies if not isinstance(policy, ManagedPolicy)}
    return frozenset(
        {
            *map(managed_digest, managed & observed.attached.keys()),
            *map(inline_digest, inline & observed.inline.keys()),
        }
    )


def _present(observed: RoleFacts) -> frozenset[str]:
    """Digests of all that is on the role: what somebody else took away is not recorded for ever."""
    return frozenset({*map(managed_digest, observed.attached), *map(inline_digest, observed.inline)})


def _taken(desired: Desired, observed: RoleFacts) -> frozenset[str]:
    """Digests of what this run takes from the role."""
    return _digests(step.before for step in policy_steps(desired, observed) if step.after is None)


def _digests(policies: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(
        managed_digest(policy["arn"]) if "arn" in policy else inline_digest(policy["name"])
        for policy in policies
    )


def _removed(desired: Desired, role: Role) -> list[str]:
    """Keys as the role spells them: AWS does not tell them apart by case."""
    asked = {key.casefold() for key in desired.role.removed_tags}
    if desired.role.removes_permissions_boundary:
        asked.add(TAG_BOUNDARY.casefold())
    return [key for key in role.tags if key.casefold() in asked]


def _refuse_too_many(role: Role, missing: Mapping[str, str]) -> None:
    total = len(retagged(role.tags, missing))
    if total > TAGS_PER_ROLE:
        raise Refused(
            f"role {role.name} would have {total} tags, and AWS allows {TAGS_PER_ROLE}",
            remedy="remove tags that are no longer needed, or give fewer --tag",
            resource=f"role/{role.name}",
        )


def _tagging(role: Role, written: Mapping[str, str], phase: Phase) -> Step:
    target = ResourceRef("role", role.name, "tags")
    before = {key: role.tags[key] for key in written if key in role.tags}
    return Step("set", target, phase, before, written, f"{target} tagged with {', '.join(written)}")
