# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What create has to be allowed, so that it mends a role that is not plainly its own."""

from __future__ import annotations

from ..admission import admission
from ..chain import Chain
from ..protected import protection
from ..trust import trust_policy
from ..trust_repair import repaired
from .check import Finding

REPLACE = "--replace-trust"


def own_role_or_consent(chain: Chain) -> tuple[str, ...]:
    """A role of its own instead of another ServiceAccount's or one that AWS keeps for itself; else what
    create needs to change this one."""
    if chain.role and protection(chain.role):
        return ("--role-name", chain.default_role, "--force-conflicts")
    if chain.owner and chain.owner.is_another_service_accounts and not chain.asked_role:
        return ("--role-name", chain.default_role, "--force-conflicts")
    return consent_to_role(chain)


def consent_to_role(chain: Chain) -> tuple[str, ...]:
    if not chain.owner:
        return ()
    if chain.owner.verdict == "rebound":
        return ("--rebind",)
    return ("--adopt",) if chain.owner.verdict == "foreign" else ()


def consent_to_trust(chain: Chain) -> tuple[str, ...]:
    """What create needs to put our statement into the trust policy, and others' out of a role of ours."""
    flags = own_role_or_consent(chain)
    return (*flags, REPLACE) if is_ours_alone(chain) and chain.reading.foreign else flags


def is_ours_alone(chain: Chain) -> bool:
    """Whether nobody but iamsa has a say in the role's trust policy."""
    return bool(chain.owner and chain.owner.verdict != "foreign" and not chain.is_adopted)


def is_kept_out_by_conditions(chain: Chain) -> bool:
    """Whether a create that repairs our statement leaves the token out: it keeps further conditions."""
    reading = chain.reading
    if not (reading.ours or reading.stale):
        return False
    statements = repaired(reading, chain.grant, chain.earlier_grant)
    return not admission(trust_policy(statements), chain.grant).is_possible


def to_be_replaced(chain: Chain, what: str, *, is_ours: bool) -> Finding:
    """Something in the trust policy that only --replace-trust removes: a foreign statement, or with `is_ours`
    the further conditions of ours. Where others' statements would go with those, no command is offered."""
    flags = consent_to_trust(chain)
    if "--role-name" in flags:
        return Finding(what, flags)
    if is_ours and chain.reading.foreign and not is_ours_alone(chain):
        by_hand = f"remove the condition by hand: {REPLACE} would remove the statements of others too"
        return Finding(f"{what}; {by_hand}", mends=False)
    return Finding(what, flags, own_flags=(REPLACE,))
