"""The names that gen3 iam-serviceaccount gives to roles, and what goes wrong with them, impossible here."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit.fakes.examples import SUBJECT
from unit.gen3.habit import ROLE, S3, SQS, Habit, arn_of

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject

OTHER = Subject("other", SUBJECT.name)


@pytest.fixture
def namesake(habit: Habit) -> Habit:
    """There is another namespace, in which nothing is yet."""
    habit.world.kubernetes.namespaces["other"] = "active"
    return habit


def test_a_role_s_is_cut_to_63_characters_for_all_three(habit: Habit) -> None:
    name = f"my-sa-{'x' * 60}"
    role = f"demo-{name}-role"[:63]
    assert habit.run(f"-c {name} -p S3").out == f"{role}\n"
    habit.run(f"-u {name} -p SQS -a a")
    assert habit.unchanged(f"-l {name}").out == f"{S3}\n{SQS}\n"


def test_one_that_gen3_cut_is_found_by_update_and_list(habit: Habit) -> None:
    habit.gen3_makes(S3)
    name = f"my-sa-{'x' * 60}"
    cut = f"demo-{name}-role"[:63]
    statement = {"Sid": "", **habit.world.account.roles[ROLE].trust["Statement"][0]}
    condition = {
        key: value.replace("my-sa", name) for key, value in statement["Condition"]["StringEquals"].items()
    }
    trust = {"Version": "2012-10-17", "Statement": [{**statement, "Condition": {"StringEquals": condition}}]}
    made = replace(habit.world.account.roles.pop(ROLE), name=cut, arn=arn_of(cut), trust=trust)
    habit.world.account.roles[cut] = made
    for there in (habit.world.account.attached, habit.world.account.inline):
        there[cut] = there.pop(ROLE)  # type: ignore[attr-defined]
    habit.world.kubernetes.service_accounts.clear()
    habit.service_account({ANNOTATION_ROLE_ARN: made.arn}, Subject("web", name))
    assert habit.unchanged(f"-l {name}").out == f"{S3}\n"
    habit.run(f"-u {name} -p SQS -a a --adopt")
    assert habit.attached(cut) == {S3, SQS}


def test_a_role_s_can_be_chosen_for_all_three(habit: Habit) -> None:
    assert habit.run("-c NAME -p S3 --role-name Mine").out == "Mine\n"
    habit.run("-u NAME -p SQS -a a --role-name=Mine")
    assert habit.unchanged("--role-name Mine -l NAME").out == f"{S3}\n{SQS}\n"
    assert habit.role() is None
    assert habit.world.annotations[ANNOTATION_ROLE_ARN] == arn_of("Mine", "/iamsa/")


def test_a_chosen_one_is_found_again_by_the_annotation(habit: Habit) -> None:
    habit.run("-c NAME -p S3 --role-name mine")
    assert habit.unchanged("-c NAME -p S3").out == "mine\n"
    assert habit.unchanged("-l NAME").out == f"{S3}\n"


@pytest.mark.parametrize("line", ["-c NAME -p SQS", "-u NAME -p SQS -a a", "-l NAME"])
def test_a_namesake_in_another_namespace_never_gets_the_role(namesake: Habit, line: str) -> None:
    namesake.run("-c NAME -p S3")
    assert f"belongs to ServiceAccount {SUBJECT}" in namesake.refused(f"{line} -n other")


def test_a_namesake_of_a_role_that_gen3_made_never_gets_it(namesake: Habit) -> None:
    namesake.gen3_makes(S3)
    namesake.refused("-c NAME -p SQS -n other")
    assert f"does not trust ServiceAccount {OTHER}" in namesake.refused("-l NAME -n other")


def test_the_new_names_tell_namespaces_apart(namesake: Habit) -> None:
    namesake.run("-c NAME -p S3")
    namesake.run("create NAME -p SQS -n other")
    named = {
        subject: found.annotations[ANNOTATION_ROLE_ARN]
        for subject, found in namesake.world.kubernetes.service_accounts.items()
    }
    (new,) = namesake.world.account.roles.keys() - {ROLE}
    assert named == {SUBJECT: arn_of(), OTHER: arn_of(new, "/iamsa/")}
    assert (namesake.attached(), namesake.attached(new)) == ({S3}, {SQS})
