# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Worlds in which the second kind of binding is known."""

from __future__ import annotations

import pytest
from unit.bindings.shop import Shop
from unit.fakes.world import World


@pytest.fixture
def shop(world: World) -> Shop:
    return Shop(world)


@pytest.fixture
def bound(shop: Shop) -> Shop:
    shop.create()
    shop.world.wire.forget()
    return shop
