# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A ServiceAccount whose role can be proven, and what keeps it from that."""

from __future__ import annotations

import pytest
from unit.fakes.examples import ROLE_NAME, our_role, service_account
from unit.fakes.wire import Hook, raises
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Refusal

ASSUMED = f"arn:aws:sts::123456789012:assumed-role/{ROLE_NAME}/iamsa-verify-web-my-sa"
TOKENS, ASSUME = "create serviceaccounts/token", "sts:AssumeRoleWithWebIdentity"
NOT_YET = Refusal("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")


@pytest.fixture
def bound(world: World) -> World:
    """The ServiceAccount with its role."""
    world.account.put(our_role())
    world.kubernetes.put(service_account())
    return world


def denies(action: str) -> Hook:
    return raises(Denied(f"you are not allowed to {action}", action=action))
