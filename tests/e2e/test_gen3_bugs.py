"""What goes wrong with gen3 iam-serviceaccount, each bug shown to be impossible here.

What has to do with the names of roles is in test_gen3_names, with partitions in
test_gen3_partition.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from e2e.gen3 import Habit, document, exchanged, habit_of
from e2e.shop import ROLE_ARN, S3, SQS, Shop, aws_managed
from e2e.trials import killed_at, writes_of
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]
OwnPolicy = Callable[..., str]
Unique = Callable[[str], str]


@pytest.fixture
def habit(shop: Shop) -> Habit:
    """A user of the old form; nothing of the ServiceAccount exists."""
    return habit_of(shop)


@pytest.fixture
def reader(tmp_path: Path) -> Path:
    """A policy file."""
    file = tmp_path / "reader.json"
    file.write_text(json.dumps(document()))
    return file


def check_that_nothing_was_made(habit: Habit, writes: Writes) -> None:
    assert (habit.role(), habit.shop.service_account(), writes()) == (None, None, [])


# The annotation


def test_a_second_create_never_empties_the_annotation(habit: Habit, writes: Writes, control: Control) -> None:
    habit.run("-c", "NAME", "-p", S3)
    before = habit.shop.service_account()
    control.clear_calls()
    assert habit.run("-c", "NAME", "-p", S3).stdout == f"{habit.role_name}\n"
    assert (habit.shop.service_account(), writes()) == (before, [])


def test_a_create_after_gen3_s_never_empties_the_annotation(habit: Habit, aws: Any) -> None:
    arn = habit.gen3_makes(S3)
    token = habit.token()
    habit.run("-c", "NAME", "-p", S3, code=1)
    assert habit.shop.annotations() == {ROLE_ARN: arn}
    assert habit.role_name in exchanged(aws, arn, token)


# Policies


def test_a_customer_managed_policy_is_attached_by_its_arn(habit: Habit, own_policy: OwnPolicy) -> None:
    arn = own_policy(path="/team/")
    habit.run("-c", "NAME", "-p", arn)
    assert habit.attached() == {arn.rpartition("/")[2]}
    assert habit.shop.annotations()[ROLE_ARN] == habit.arn


def test_a_customer_managed_policy_that_is_attached_nowhere_is_found_by_its_name(
    habit: Habit, own_policy: OwnPolicy, unique: Unique
) -> None:
    name = unique("own")
    own_policy(name, path="/team/")
    habit.run("-c", "NAME", "-p", name)
    assert habit.attached() == {name}
    habit.run("-u", "NAME", "-p", name, "-a", "d")
    assert habit.attached() == set()


@pytest.mark.parametrize("name", [S3, "AWSLambdaBasicExecutionRole", "ViewOnlyAccess"])
def test_an_aws_managed_policy_is_found_by_its_name(habit: Habit, name: str) -> None:
    habit.run("-c", "NAME", "-p", name)
    assert habit.attached() == {name}


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        ("AmazonS3ReadOnlyAcces", "there is no managed policy named AmazonS3ReadOnlyAcces; did you mean"),
        (aws_managed("NoSuchPolicy"), f"--policy {aws_managed('NoSuchPolicy')} does not exist; "),
        (
            "arn:aws:iam::123456789012:policy/no-such",
            "--policy arn:aws:iam::123456789012:policy/no-such does",
        ),
        ("./no-such.json", "policy file './no-such.json' does not exist; check the path"),
    ],
)
def test_an_unknown_policy_leaves_no_bare_role_behind(
    habit: Habit, writes: Writes, policy: str, sentence: str
) -> None:
    done = habit.run("-c", "NAME", "-p", policy, code=1)
    assert (done.stdout, done.stderr.startswith(f"error: {sentence}")) == ("", True), done.stderr
    check_that_nothing_was_made(habit, writes)


def test_an_unknown_policy_is_not_success_in_update(habit: Habit) -> None:
    habit.run("-c", "NAME", "-p", S3)
    habit.run("-u", "NAME", "-p", "NoSuchPolicy", "-a", "a", code=1)
    assert habit.attached() == {S3}


# Policy files


@pytest.mark.parametrize("words", [("-c", "NAME"), ("-u", "NAME", "-a", "a"), ("-u", "NAME", "-a", "d")])
def test_invalid_json_is_never_submitted(
    habit: Habit, reader: Path, control: Control, words: tuple[str, ...]
) -> None:
    reader.write_text('{"Version": "2012-10-17",}')
    done = habit.run(*words, "-p", str(reader), code=1)
    assert f"{reader}" in done.stderr
    assert "line 1" in done.stderr
    assert control.calls() == []


def test_every_run_with_a_file_means_the_same_inline_policy(habit: Habit, reader: Path) -> None:
    habit.run("-c", "NAME", "-p", str(reader))
    habit.run("-c", "NAME", "-p", str(reader))
    reader.write_text(json.dumps(document("s3:ListBucket")))
    habit.run("-u", "NAME", "-p", str(reader), "-a", "a")
    assert habit.inline() == {"reader": document("s3:ListBucket")}


def test_an_inline_policy_is_deleted_by_its_file(habit: Habit, reader: Path) -> None:
    habit.run("-c", "NAME", "-p", str(reader))
    habit.run("-u", "NAME", "-p", str(reader), "-a", "d")
    assert habit.inline() == {}


def test_an_inline_policy_of_gen3_s_is_deleted_by_its_file(habit: Habit, reader: Path) -> None:
    habit.gen3_makes(files={"reader": document()})
    habit.run("-u", "NAME", "-p", str(reader), "-a", "d", "--adopt")
    assert habit.inline() == {}


# All the rest


@pytest.mark.parametrize("action", ["x", "D", "delet", ""])
def test_an_unknown_action_is_an_error(habit: Habit, control: Control, action: str) -> None:
    done = habit.run("-u", "NAME", "-p", S3, f"--action={action}", code=2)
    among = "a, add, u, update, d, delete"
    assert done.stderr.startswith(f'error: invalid value "{action}" for --action: must be one of {among}; ')
    assert control.calls() == []


def test_a_missing_provider_is_noticed_before_anything_is_made(
    habit: Habit, provider: str, writes: Writes, control: Control, aws: Any
) -> None:
    habit.shop.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    control.clear_calls()
    done = habit.run("-c", "NAME", "-p", S3, code=1)
    assert "has no OIDC provider for the issuer" in done.stderr
    assert "add --create-oidc-provider to create it" in done.stderr
    check_that_nothing_was_made(habit, writes)
    habit.run("-c", "NAME", "-p", S3, "--create-oidc-provider")
    assert habit.role_name in exchanged(aws, habit.arn, habit.token())


def test_what_was_made_can_be_deleted(habit: Habit) -> None:
    habit.run("-c", "NAME", "-p", S3)
    habit.run("delete", "NAME", "--yes")
    assert (habit.role(), habit.shop.service_account()) == (None, None)


def test_a_role_says_whose_it_is_in_tags(habit: Habit) -> None:
    habit.run("-c", "NAME", "-p", S3)
    role = habit.role()
    assert role
    assert role["Tags"] == {**habit.shop.tags, **habit.shop.recorded(S3)}


def test_a_boundary_can_be_set_and_no_update_drops_it(habit: Habit, boundary: str) -> None:
    habit.run("create", "NAME", "-p", S3, "--role-name-style=gen3", "--permissions-boundary", boundary)
    habit.run("-u", "NAME", "-p", SQS, "-a", "a")
    habit.run("-c", "NAME", "-p", S3)
    role = habit.role()
    assert role
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary


def test_a_run_that_breaks_off_is_completed_by_the_same_command(
    shop: Shop, new_shop: Callable[[], Shop], control: Control
) -> None:
    undisturbed = habit_of(shop)
    undisturbed.run("-c", "NAME", "-p", S3)
    writes = list(writes_of(control.calls()))
    assert len(writes) == 3
    for write in writes:
        habit = habit_of(new_shop())
        words = [*habit.spelled(["-c", "NAME", "-p", S3]), "-n", habit.shop.namespace]
        killed_at(habit.shop, control, words, write, "after")
        assert habit.run("-c", "NAME", "-p", S3).stdout == f"{habit.role_name}\n"
        assert (habit.attached(), habit.shop.annotations()[ROLE_ARN]) == ({S3}, habit.arn), str(write)


def test_what_runs_already_is_named_with_the_command_that_restarts_it(habit: Habit) -> None:
    habit.shop.make_service_account()
    habit.shop.start_pod("tool")
    done = habit.run("-c", "NAME", "-p", S3)
    assert done.stdout == f"{habit.role_name}\n"
    assert f"  kubectl delete pod/tool -n {habit.shop.namespace}  # then create it again" in done.stderr
