# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chains as describe and doctor read them, bound as their ServiceAccounts say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from unit.fakes.examples import FACTS, ROLE_NAME, SUBJECT

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.now import NO_RECORDS, BoundNow, bound_now
from ansible_collections.iamsa.eks.plugins.module_utils.bindings.writers import WRITERS
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.chain import Chain
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import SeenRole


def binding_of(service_account: ServiceAccount | None, subject: Subject = SUBJECT) -> BoundNow:
    """How it is bound, by what stands on it alone."""
    return bound_now(subject, service_account, WRITERS, NO_RECORDS)


def chain_of(
    service_account: ServiceAccount | None, seen: SeenRole | None, role_name: str = ROLE_NAME, **more: Any
) -> Chain:
    """From the ServiceAccount to a role, whose own would be called "derived"."""
    return changed(
        Chain(FACTS, SUBJECT, service_account, binding_of(service_account), role_name, "derived", seen),
        **more,
    )


def changed(chain: Chain, **changes: Any) -> Chain:
    """The chain with these fields, bound as its ServiceAccount says then."""
    then = replace(chain, **changes)
    return replace(then, now=binding_of(then.service_account, then.subject))
