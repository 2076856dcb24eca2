"""What goes wrong with the names that gen3 iam-serviceaccount gives to roles, shown to be impossible here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from e2e.gen3 import Habit, habit_of
from e2e.shop import ROLE_ARN, S3, SQS, Shop
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]


@pytest.fixture
def habit(shop: Shop) -> Habit:
    """A user of the old form; nothing of the ServiceAccount exists."""
    return habit_of(shop)


def test_a_name_that_is_cut_is_found_by_update_and_list(habit: Habit) -> None:
    long = Habit(replace(habit.shop, name=f"{habit.name}-{'x' * 60}"))
    long.gen3_makes(S3)
    assert len(long.role_name) == 63
    assert long.run("-l", "NAME").stdout == f"{S3}\n"
    long.run("-u", "NAME", "-p", SQS, "-a", "a", "--adopt")
    assert long.attached() == {S3, SQS}


@pytest.fixture
def namesakes(habit: Habit, new_namespace: Callable[[], str]) -> tuple[Habit, Habit]:
    """Two ServiceAccounts of one name in two namespaces; the first has its role."""
    habit.run("-c", "NAME", "-p", S3)
    return habit, Habit(replace(habit.shop, namespace=new_namespace()))


@pytest.mark.parametrize(
    "words", [("-c", "NAME", "-p", SQS), ("-u", "NAME", "-p", SQS, "-a", "a"), ("-l", "NAME")]
)
def test_a_namesake_in_another_namespace_never_gets_the_role(
    namesakes: tuple[Habit, Habit], writes: Writes, control: Control, words: tuple[str, ...]
) -> None:
    first, second = namesakes
    before = first.role(), first.attached()
    control.clear_calls()
    done = second.run(*words, code=1)
    assert done.stdout == ""
    assert f"belongs to ServiceAccount {first.shop.namespace}/{first.name}" in done.stderr
    assert (first.role(), first.attached(), writes()) == (*before, [])
    assert second.shop.service_account() is None


def test_a_namesake_of_a_role_that_gen3_made_never_gets_it(
    habit: Habit, new_namespace: Callable[[], str], writes: Writes, control: Control
) -> None:
    habit.gen3_makes(S3)
    second = Habit(replace(habit.shop, namespace=new_namespace()))
    control.clear_calls()
    second.run("-c", "NAME", "-p", SQS, code=1)
    done = second.run("-l", "NAME", code=1)
    assert f"does not trust ServiceAccount {second.shop.namespace}/{habit.name}" in done.stderr
    assert writes() == []


def test_the_new_names_tell_namespaces_apart(namesakes: tuple[Habit, Habit]) -> None:
    first, second = namesakes
    second.run("create", "NAME", "-p", SQS)
    assert second.shop.annotations()[ROLE_ARN] == second.shop.role_arn
    assert first.shop.annotations()[ROLE_ARN] == first.arn
    assert (first.attached(), second.shop.attached()) == ({S3}, {SQS})
