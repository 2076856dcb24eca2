# SPDX-License-Identifier: GPL-3.0-or-later

"""The override options that create needs to fix a role that iamsa does not fully manage."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ...identity.ownership import owner_tags
from ...model.role import SeenRole, retagged
from ...plan.protected import protection
from ...policy.attached_by_us import managed_digest, read_record
from ...policy.document import document_size
from ...policy.limits import TAGS, limit, tag_count
from ...trust.evaluate import admission
from ...trust.repair import consists_of, repaired
from ...trust.statements import amended, trust_policy
from ...wording.text import Option
from ..chain import Chain
from .check import Finding

REPLACE = Option("replace_trust")
ROLE_NAME = Option("role_name")
_ADOPT = Option("adopt")
_NO_ROOM_IN_TRUST = (
    "the role's trust policy has no room for another statement; request an increase of the quota"
    " AssumeRolePolicySize, or use a role with another name"
)
_NO_ROOM_FOR_TAGS = (
    "the role has no room for the tags of iamsa; remove tags that are no longer needed, or use a role with"
    " another name"
)


def names(flags: Iterable[Option], option: Option) -> bool:
    """Whether `option` is among `flags`, with any value."""
    return any(one.name == option.name for one in flags)


def own_role_or_overrides(chain: Chain) -> tuple[Option, ...]:
    """The options for a new role, if this one belongs to another ServiceAccount, is reserved for AWS services
    or has no room for what create adds; otherwise the overrides to change this one."""
    if chain.role and protection(chain.role):
        return (Option("role_name", chain.default_role), Option("force_conflicts"))
    is_taken = chain.owner and chain.owner.is_another_service_accounts
    is_full = _are_tags_full(chain) or _is_trust_full(chain, keeps_others=not is_ours_alone(chain))
    has_own = chain.default_role != chain.role_name
    if not chain.asked_role and (is_taken or (has_own and is_full)):
        return (Option("role_name", chain.default_role), Option("force_conflicts"))
    return overrides_for_role(chain)


def overrides_for_role(chain: Chain) -> tuple[Option, ...]:
    if not chain.owner:
        return ()
    if chain.owner.verdict == "rebound":
        return (Option("rebind"),)
    return (_ADOPT,) if chain.owner.verdict == "unmanaged" else ()


def overrides_for_trust(chain: Chain) -> tuple[Option, ...]:
    """The options to add our statement to the trust policy, and to remove others from a role of ours."""
    flags = own_role_or_overrides(chain)
    return (*flags, REPLACE) if is_ours_alone(chain) and chain.reading.unmanaged else flags


def overrides_for_the_rest(chain: Chain, flags: Collection[Option]) -> tuple[Option, ...]:
    """The further options of a create with `flags`, so that it changes nothing but what it has to fix."""
    if names(flags, ROLE_NAME):
        return ()
    needed = own_role_or_overrides(chain)
    says_what_stays = any(names((*flags, *needed), one) for one in (ROLE_NAME, REPLACE, _ADOPT))
    return needed if says_what_stays or not chain.reading.unmanaged else (*needed, _ADOPT)


def given_policy(seen: SeenRole | None) -> str:
    """The ARN of an attached policy, so that create adds none; "" if there is none.

    A policy that iamsa attached is preferred, because create records the policy that it is given as its own.
    """
    if seen is None:
        return ""
    known = read_record(seen.role.tags)
    return min(seen.attached, key=lambda arn: managed_digest(arn) not in known, default="")


def no_room(chain: Chain, flags: Collection[Option]) -> str:
    """Which limit of IAM a create with `flags` would exceed, as a sentence; "" if none."""
    if names(flags, ROLE_NAME):
        return ""
    if _are_tags_full(chain):
        return _NO_ROOM_FOR_TAGS
    return _NO_ROOM_IN_TRUST if REPLACE not in flags and _is_trust_full(chain, keeps_others=True) else ""


def _are_tags_full(chain: Chain) -> bool:
    """Whether the role has no room for the ownership tags that it lacks and the record of the policy."""
    if chain.role is None:
        return False
    wanted = owner_tags(chain.role.tags, chain.facts.cluster, chain.subject)
    policy = given_policy(chain.seen)
    known = read_record(chain.role.tags)
    records = not policy or (is_ours_alone(chain) and managed_digest(policy) not in known)
    then = retagged(chain.role.tags, wanted)
    added = len(then) - len(chain.role.tags) + records
    return added > 0 and tag_count(then).least + records > TAGS


def _is_trust_full(chain: Chain, *, keeps_others: bool) -> bool:
    """Whether the trust policy has no room for iamsa's statement and those that create keeps.

    If the account's quota is unknown, the default quota applies.
    """
    reading, grant = chain.reading, chain.grant
    statements = repaired(reading, grant, chain.earlier_grant)
    if chain.role is None or consists_of(reading, statements):
        return False
    kept = [*reading.pods, *(reading.unmanaged if keeps_others else reading.held)]
    size = document_size(amended(chain.role.trust, [*kept, *statements]))
    return size.least > limit("trust", chain.quotas).least


def is_ours_alone(chain: Chain) -> bool:
    """Whether iamsa alone manages the role's trust policy."""
    if chain.role is None or protection(chain.role):
        return False
    return bool(chain.owner and chain.owner.verdict != "unmanaged" and not chain.is_adopted)


def is_kept_out_by_conditions(chain: Chain) -> bool:
    """Whether the token is still not accepted after create repairs our statement, which keeps conditions."""
    reading = chain.reading
    if not (reading.ours or reading.stale):
        return False
    statements = repaired(reading, chain.grant, chain.earlier_grant)
    return not admission(trust_policy(statements), chain.grant).is_possible


def to_be_replaced(chain: Chain, what: str, *, is_ours: bool) -> Finding:
    """A finding that only --replace-trust fixes: an unmanaged statement, or with `is_ours` further conditions
    of our statement. If that would remove unmanaged statements too, no command is offered."""
    flags = overrides_for_trust(chain)
    if names(flags, ROLE_NAME):
        return Finding(what, flags)
    if is_ours and chain.reading.unmanaged and not is_ours_alone(chain):
        by_hand = "remove the condition manually, because " + REPLACE + " also removes unmanaged statements"
        return Finding(what + "; " + by_hand, mends=False)
    return Finding(what, flags, own_flags=(REPLACE,))
