# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A step that ends by an error after its write was sent is not told to be undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from unit.fakes.examples import ROLE_NAME, desired
from unit.fakes.starts import S3
from unit.fakes.wire import fails, raises
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, IamsaError
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest

NAMED = desired(S3, name=ROLE_NAME)


def make(world: World) -> None:
    world.create(NAMED)


def mend_the_trust(world: World) -> None:
    world.create(desired(S3, name=ROLE_NAME, audience="vault", create_oidc_provider=True))


def end(world: World) -> None:
    world.delete(DeleteRequest(NAMED))


def reads_before(world: World, command: Callable[[World], None], write: str) -> int:
    """How often the role is looked at before that write, where nothing goes wrong."""
    other = world.copy()
    command(other)
    names = other.wire.names()
    return names[: names.index(write)].count("iam:GetRole")


@pytest.mark.parametrize(
    ("prepare", "command", "write"),
    [
        pytest.param(make, mend_the_trust, "iam:UpdateAssumeRolePolicy", id="trust-mended"),
        pytest.param(make, end, "iam:DeleteRole", id="deleted"),
    ],
)
def test_a_role_that_cannot_be_read_back(
    world: World, prepare: Callable[[World], None], command: Callable[[World], None], write: str
) -> None:
    prepare(world)
    world.wire.forget()
    denied = Denied("AWS denied iam:GetRole", action="iam:GetRole")
    world.wire.on("iam:GetRole", raises(denied), skip=reads_before(world, command, write), times=9)
    with pytest.raises(IamsaError) as caught:
        command(world)
    assert write in world.wire.writes
    assert caught.value is denied
    assert caught.value.uncertain


def test_a_write_that_is_refused_is_certainly_not_done(world: World) -> None:
    world.wire.on("iam:CreateRole", fails("LimitExceeded"))
    assert not world.refusal(NAMED).uncertain
