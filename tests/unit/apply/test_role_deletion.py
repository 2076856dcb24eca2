# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DeleteRole is sent while the role of that name is the one that was planned with, and once it is gone never
again; its refusals are believed only where the role is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from unit.fakes.examples import READ_S3, ROLE_NAME, desired, document, inline, our_role, recorded
from unit.fakes.wire import Hook, answers, fails, meanwhile, raises
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, RemoteError, TimedOut
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest

THEIRS = our_role(tags={"team": "ops"}, role_id="AROATHEIRS")
ASKED = DeleteRequest(desired(name=ROLE_NAME))
DENIED = Denied("you are not allowed to call iam:DeleteRole", action="iam:DeleteRole", remedy="ask for it")
# Of one delete: the reads of what is there, and a look right before the first write.
LOOKS_BEFORE = 2


@pytest.fixture
def made(world: World) -> World:
    """A role with two recorded policies, and no ServiceAccount."""
    world.account.put(recorded(our_role(), READ_S3, inline()), READ_S3, reader=document())
    return world


def test_a_role_that_is_there_and_may_not_be_deleted_is_denied(made: World) -> None:
    made.wire.on("iam:DeleteRole", raises(DENIED), times=99)
    with pytest.raises(Denied, match="iam:DeleteRole"):
        made.delete(ASKED)
    assert made.wire.names().count("iam:DeleteRole") == 1
    assert list(made.account.roles) == [ROLE_NAME]


def test_a_denial_for_a_role_that_is_gone_already_is_no_error(made: World) -> None:
    """So IAM answers the second try of a deletion, where the right depends on path or tags."""

    def lost(work: Callable[[], Any]) -> None:
        work()
        raise DENIED

    made.wire.on("iam:DeleteRole", lost)
    made.delete(ASKED)
    assert made.account.roles == {}


def deletes(world: World) -> int:
    return world.wire.names().count("iam:DeleteRole")


def anew(world: World) -> Callable[[], None]:
    """Somebody else makes a role of that name, if need be after deleting ours."""
    return lambda: world.account.put(THEIRS)


def lost(work: Callable[[], Any]) -> None:
    """The call is made, and the connection dies."""
    work()
    raise RemoteError("no answer", code="ConnectionClosed", uncertain=True)


def test_once_it_is_answered_it_is_only_waited_for(made: World) -> None:
    made.wire.on("iam:DeleteRole", answers(None))
    with pytest.raises(TimedOut) as caught:
        made.delete(ASKED)
    assert str(caught.value.remedy) == "run the same command again"
    assert deletes(made) == 1


def test_a_role_that_is_gone_already_is_only_waited_for(made: World) -> None:
    made.wire.on("iam:DeleteRole", fails("NoSuchEntity"))
    with pytest.raises(TimedOut):
        made.delete(ASKED)
    assert deletes(made) == 1


def test_a_role_that_somebody_makes_after_it_stays(made: World) -> None:
    made.wire.on("iam:GetRole", meanwhile(anew(made)), skip=LOOKS_BEFORE + 1)
    made.delete(ASKED)
    assert (made.role, deletes(made)) == (THEIRS, 1)


def test_a_role_that_somebody_makes_after_a_lost_answer_stays(made: World) -> None:
    made.wire.on("iam:DeleteRole", lost)
    made.wire.on("iam:GetRole", meanwhile(anew(made)), skip=LOOKS_BEFORE + 1)
    made.delete(ASKED)
    assert (made.role, deletes(made)) == (THEIRS, 1)


@pytest.mark.parametrize("denied_later", [False, True])
def test_a_lost_answer_for_a_role_that_reads_still_show(made: World, denied_later: bool) -> None:
    was = made.role
    made.wire.on("iam:DeleteRole", lost)
    made.wire.on("iam:GetRole", answers(was), skip=LOOKS_BEFORE + 1, times=3)
    if denied_later:
        made.wire.on("iam:DeleteRole", raises(DENIED), skip=1)
    made.delete(ASKED)
    assert (made.account.roles, deletes(made)) == ({}, 2)


@pytest.mark.parametrize(
    "refusal",
    [
        raises(RemoteError("no connection", code="ConnectTimeout", uncertain=True)),
        fails("Throttling"),
        fails("ConcurrentModification"),
    ],
    ids=["unsent", "throttled", "concurrent"],
)
def test_what_was_not_done_is_sent_again_after_a_look(made: World, refusal: Hook) -> None:
    made.wire.on("iam:DeleteRole", refusal)
    made.delete(ASKED)
    assert (made.account.roles, deletes(made)) == ({}, 2)
    first, second = [place for place, name in enumerate(made.wire.names()) if name == "iam:DeleteRole"]
    assert "iam:GetRole" in made.wire.names()[first + 1 : second]


@pytest.mark.parametrize("call", ["iam:DetachRolePolicy", "iam:ListRolePolicies"])
def test_a_role_that_was_made_anew_is_neither_deleted_nor_cleared(made: World, call: str) -> None:
    """Before the first try, and after a conflict."""
    if call == "iam:ListRolePolicies":
        made.wire.on("iam:ListAttachedRolePolicies", answers({}))
    theirs = replace(recorded(our_role(), READ_S3), role_id="AROATHEIRS")
    made.wire.on(
        call, meanwhile(lambda: made.account.put(theirs, READ_S3)), skip=call == "iam:ListRolePolicies"
    )
    with pytest.raises(RemoteError) as caught:
        made.delete(ASKED)
    assert caught.value.code == "Conflict"
    assert made.role.role_id == "AROATHEIRS"


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
    assert (made.account.roles, made.account.attached) == ({}, {})
