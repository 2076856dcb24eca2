# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DeleteRole is asked until the role is gone, and its refusals are believed only where the role is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from unit.fakes.examples import READ_S3, ROLE_NAME, desired, document, inline, our_role, recorded
from unit.fakes.wire import answers, fails, raises
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.model.state import Removal

ASKED = Removal(desired(name=ROLE_NAME))
DENIED = Denied("you may not iam:DeleteRole", action="iam:DeleteRole", remedy="ask for it")
# Of one delete: the reads of what is there, and a look right before the first write.
LOOKS_BEFORE = 2


@pytest.fixture
def made(world: World) -> World:
    """A role with two recorded policies, and no ServiceAccount."""
    world.iam.put(recorded(our_role(), READ_S3, inline()), READ_S3, reader=document())
    return world


def test_a_role_that_is_there_and_may_not_be_deleted_is_denied(made: World) -> None:
    made.wire.on("iam:DeleteRole", raises(DENIED), times=99)
    with pytest.raises(Denied, match="iam:DeleteRole"):
        made.delete(ASKED)
    assert made.wire.names().count("iam:DeleteRole") == 1
    assert list(made.iam.roles) == [ROLE_NAME]


def test_a_denial_for_a_role_that_is_gone_already_is_no_error(made: World) -> None:
    """So IAM answers the second try of a deletion, where the right depends on path or tags."""

    def lost(work: Callable[[], Any]) -> None:
        work()
        raise DENIED

    made.wire.on("iam:DeleteRole", lost)
    made.delete(ASKED)
    assert made.iam.roles == {}


def test_a_role_that_is_still_shown_is_asked_to_go_again(made: World) -> None:
    made.wire.on("iam:DeleteRole", answers(None), times=2)
    made.delete(ASKED)
    assert made.wire.names().count("iam:DeleteRole") == 3
    assert made.iam.roles == {}


def test_only_a_conflict_has_it_look_for_what_hangs_on_the_role(made: World) -> None:
    made.wire.on("iam:DeleteRole", fails("ServiceFailure"), times=99)
    with pytest.raises(RemoteError) as caught:
        made.delete(ASKED)
    assert caught.value.code == "ServiceFailure"
    made_after = made.wire.names()[made.wire.names().index("iam:DeleteRole") + 1 :]
    assert not [name for name in made_after if name.startswith(("iam:Detach", "iam:DeleteRoleP"))]


def test_policies_are_judged_by_the_record_that_was_read_where_iam_hides_the_role(made: World) -> None:
    made.wire.on("iam:ListAttachedRolePolicies", answers({}))
    made.wire.on("iam:GetRole", answers(None), skip=LOOKS_BEFORE)
    made.delete(ASKED)
    assert (made.iam.roles, made.iam.attached) == ({}, {})
