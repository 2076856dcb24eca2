# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many roles are read in the way that takes fewer calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from unit.fakes.examples import READ_S3, document, our_role
from unit.fakes.wire import answers, fails, raises
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import SeenRole
from ansible_collections.iamsa.eks.plugins.module_utils.observe import role_sweep

DETAILS, SUMMARY = "iam:GetAccountAuthorizationDetails", "iam:GetAccountSummary"
DENIED = raises(Denied("no", action="iam:any"))
BY_THEMSELVES = ("iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies")


@pytest.fixture(autouse=True)
def account(world: World) -> World:
    """Fifty roles, r00 to r49, each with a managed and an inline policy, on one page."""
    for number in range(50):
        role = our_role(name=f"r{number:02}")
        world.account.put(role, READ_S3, reader=document())
    return world


def names(*numbers: int) -> list[str]:
    return [f"r{number:02}" for number in numbers]


def read(world: World, wanted: Iterable[str]) -> dict[str, SeenRole]:
    fake: Any = world.iam
    return role_sweep.read_roles(wanted, fake, Deadline(10))


def calls(world: World) -> dict[str, int]:
    return dict(Counter(world.wire.names()))


def each(count: int) -> dict[str, int]:
    return dict.fromkeys(BY_THEMSELVES, count)


def test_nothing_wanted_asks_nothing(world: World) -> None:
    assert read(world, []) == {}
    assert calls(world) == {}


def test_a_role_has_its_policies_in_either_way(world: World) -> None:
    one = SeenRole(world.account.roles["r07"], {READ_S3.arn: READ_S3.name}, ("reader",))
    assert read(world, names(7)) == {"r07": one}
    assert read(world, names(*range(9)))["r07"] == one


def test_three_roles_are_read_by_themselves(world: World) -> None:
    assert list(read(world, names(1, 2, 3))) == names(1, 2, 3)
    assert calls(world) == each(3)


def test_a_role_that_is_wanted_twice_is_read_once(world: World) -> None:
    read(world, names(1, 1, 1, 1, 1))
    assert calls(world) == each(1)


def test_more_come_from_the_accounts_page(world: World) -> None:
    assert sorted(read(world, names(*range(40)))) == names(*range(40))
    assert calls(world) == {SUMMARY: 1, DETAILS: 1}


def test_roles_that_are_missing_are_left_out_without_further_calls(world: World) -> None:
    assert sorted(read(world, [*names(1, 2, 3), "none", "such"])) == names(1, 2, 3)
    assert calls(world) == {SUMMARY: 1, DETAILS: 1}


def test_names_are_found_regardless_of_case(world: World) -> None:
    assert set(read(world, ["R01", "R02", "R03", "R04"])) == {"R01", "R02", "R03", "R04"}


def test_no_page_is_read_once_all_are_found(world: World) -> None:
    world.account.page_size = 20
    read(world, names(0, 1, 21, 22))
    assert calls(world) == {SUMMARY: 1, DETAILS: 2}


def test_in_a_large_account_few_roles_are_read_by_themselves(world: World) -> None:
    world.wire.on(SUMMARY, answers(12_001))
    read(world, names(1, 2, 3, 4))
    assert calls(world) == {SUMMARY: 1, **each(4)}


def test_where_pages_turn_out_small_the_rest_is_read_by_itself(world: World) -> None:
    """IAM may send fewer roles on a page than asked for: 49 more pages are dearer than 3 roles."""
    world.account.page_size = 1
    found = read(world, names(0, 47, 48, 49))
    assert sorted(found) == names(0, 47, 48, 49)
    assert calls(world) == {SUMMARY: 1, DETAILS: 1, **each(3)}


def test_where_the_account_may_not_be_read_each_role_is(world: World) -> None:
    world.wire.on(DETAILS, DENIED)
    assert sorted(read(world, names(*range(20)))) == names(*range(20))
    assert calls(world) == {SUMMARY: 1, DETAILS: 1, **each(20)}


def test_where_only_the_summary_may_not_be_read_the_pages_are(world: World) -> None:
    world.wire.on(SUMMARY, answers(None))
    assert sorted(read(world, names(*range(20)))) == names(*range(20))
    assert calls(world) == {SUMMARY: 1, DETAILS: 1}


def test_without_the_summary_no_more_pages_than_calls_by_role_are_read(world: World) -> None:
    world.wire.on(SUMMARY, answers(None))
    world.account.page_size = 1
    found = read(world, names(46, 47, 48, 49))
    assert sorted(found) == names(46, 47, 48, 49)
    assert calls(world)[DETAILS] == 12


def test_another_failure_ends_it(world: World) -> None:
    world.wire.on(DETAILS, fails("ServiceFailure"))
    with pytest.raises(RemoteError):
        read(world, names(*range(20)))
