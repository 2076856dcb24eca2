# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What create has to be allowed, so that it mends a role that is not plainly its own."""

from __future__ import annotations

from ..chain import Chain


def own_role_or_consent(chain: Chain) -> tuple[str, ...]:
    """A role of its own instead of another ServiceAccount's; else what create needs to change this one."""
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
    is_ours = bool(chain.owner and chain.owner.verdict != "foreign" and not chain.is_adopted)
    return (*flags, "--replace-trust") if is_ours and chain.reading.foreign else flags
