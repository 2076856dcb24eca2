"""What goes wrong with gen3 iam-serviceaccount, each bug shown to be impossible here.

What has to do with files is in test_files, with the names of roles in test_names.
"""

from __future__ import annotations

import pytest
from unit.fakes.examples import ACCOUNT, READ_S3
from unit.gen3.habit import ROLE, S3, Habit, aws_managed

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy


def test_a_second_create_never_empties_the_annotation(settled: Habit) -> None:
    assert settled.unchanged("-c NAME -p S3").out == f"{ROLE}\n"


def test_a_create_after_gen3_s_never_empties_the_annotation(habit: Habit) -> None:
    arn = habit.gen3_makes(S3)
    habit.refused("-c NAME -p S3")
    assert habit.world.annotations == {ANNOTATION_ROLE_ARN: arn}


@pytest.mark.parametrize(
    ("arn", "said"),
    [
        (f"arn:aws:iam::{ACCOUNT}:policy/team/own", f"arn:aws:iam::{ACCOUNT}:policy/team/own"),
        (f"arn:aws:iam::{ACCOUNT}:policy/team/own", "own"),  # attached to nothing
        (aws_managed("service-role/AWSLambdaBasicExecutionRole"), "AWSLambdaBasicExecutionRole"),
        (aws_managed("job-function/ViewOnlyAccess"), "ViewOnlyAccess"),
    ],
)
def test_a_policy_is_found_by_its_arn_and_by_its_name(habit: Habit, arn: str, said: str) -> None:
    name = arn.rpartition("/")[2]
    habit.world.account.add(ManagedPolicy(name, arn))
    habit.run(f"-c NAME -p {said}")
    assert habit.world.account.attached[ROLE] == {arn: name}
    habit.run(f"-u NAME -p {said} -a d")
    assert habit.attached() == set()


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        ("AmazonS3ReadOnlyAcces", "there is no managed policy named AmazonS3ReadOnlyAcces; did you mean"),
        (aws_managed("NoSuchPolicy"), f"--policy {aws_managed('NoSuchPolicy')} does not exist; "),
        (f"{READ_S3.arn}x", f"--policy {READ_S3.arn}x does"),
        ("./no-such.json", 'policy file "./no-such.json" does not exist; check the path'),
    ],
)
def test_an_unknown_policy_leaves_no_bare_role_behind(habit: Habit, policy: str, sentence: str) -> None:
    error = habit.line.refused("-c", "my-sa", "-p", policy)
    assert error.startswith(sentence)
    assert habit.world.account.roles == {}


def test_an_unknown_policy_is_not_success_in_update(settled: Habit) -> None:
    settled.refused("-u NAME -p NoSuchPolicy -a a")


def test_a_missing_provider_is_noticed_before_anything_is_made(habit: Habit) -> None:
    habit.world.account.providers.clear()
    error = habit.refused("-c NAME -p S3")
    assert "has no OIDC provider for the issuer" in error
    assert "add --create-oidc-provider to create it" in error
    habit.run("-c NAME -p S3 --create-oidc-provider")
    assert habit.attached() == {S3}
