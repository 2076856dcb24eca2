"""The form of gen3 iam-serviceaccount, and roles that gen3 made: its pods never notice that they are adopted.

What the form's words do, and what is refused, is in unit/gen3.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e.gen3 import TIMESTAMP, Habit, document, exchanged, habit_of
from e2e.shop import ROLE_ARN, S3, SQS, Json, Shop
from e2e.trials import killed_at, start, writes_of
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]
Aws = Callable[..., Any]
READER = f"reader-{TIMESTAMP}"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """The paths of two policy files; gen3 has put the reader already."""
    paths = {}
    for stem, action in (("reader", "s3:GetObject"), ("writer", "s3:PutObject")):
        file = tmp_path / f"{stem}.json"
        file.write_text(json.dumps(document(action)))
        paths[stem.upper()] = str(file)
    return paths


@pytest.fixture
def new_habit(new_shop: Callable[[], Shop]) -> Callable[[], Habit]:
    """`new_habit()`: a ServiceAccount with a role that gen3 made, a managed policy and an inline one."""

    def make() -> Habit:
        habit = habit_of(new_shop())
        habit.gen3_makes(S3, files={"reader": document()})
        return habit

    return make


@pytest.fixture
def habit(new_habit: Callable[[], Habit], control: Control) -> Habit:
    """One of these; the call log begins empty."""
    made = new_habit()
    control.clear_calls()
    return made


@pytest.fixture
def newcomer(shop: Shop) -> Habit:
    """A user of the old form; nothing of the ServiceAccount exists."""
    return habit_of(shop)


CHANGES = {
    "-c": "-c NAME -p SQS",
    "-u deletes its file": "-u NAME -p READER -a d",
    "create": "create NAME -p SQS --role-name-style gen3",
    "update": "update NAME -p WRITER --role-name-style gen3",
}


def words_of(change: str, habit: Habit, files: dict[str, str]) -> list[str]:
    known = {"NAME": habit.name, "S3": S3, "SQS": SQS, **files}
    words = [known.get(word, word) for word in CHANGES[change].split()]
    return [*words, "-n", habit.shop.namespace]


def test_list_works_at_once(habit: Habit, writes: Writes) -> None:
    done = habit.run("-l", "NAME")
    assert (done.stdout, done.stderr) == (f"{S3}\n{READER}\n", "")
    assert writes() == []


@pytest.mark.parametrize("change", ["-c", "-u deletes its file"])
def test_with_adopt_it_is_taken_over_once(
    habit: Habit, files: dict[str, str], writes: Writes, control: Control, change: str
) -> None:
    service_account, words = habit.shop.service_account(), words_of(change, habit, files)
    habit.shop.iamsa(*words, "--adopt")
    role = habit.role()
    assert role
    assert {**role["Tags"], **habit.shop.tags, "iamsa/adopted": "true"} == role["Tags"]
    assert role["AssumeRolePolicyDocument"] == habit.gen3_trust()
    assert habit.shop.service_account() == service_account

    for again in ([*words, "--adopt"], words):
        control.clear_calls()
        habit.shop.iamsa(*again)
        assert writes() == [], again


def check_that_pods_are_served(habit: Habit, aws: Aws, token: str) -> None:
    """A pod gets its credentials, and a new one would."""
    assumed = f"arn:aws:sts::{habit.shop.world.account}:assumed-role/{habit.role_name}/pod"
    assert exchanged(aws, habit.arn, token) == assumed
    assert habit.shop.trust(habit.role_name) == habit.gen3_trust()["Statement"]
    assert habit.shop.annotations()[ROLE_ARN] == habit.arn


def stops(control: Control, run: Any) -> Iterator[Json]:
    """The calls at which the run is held, one after the other, each released when the next is asked for."""
    end = time.monotonic() + 60
    while run.poll() is None:
        assert time.monotonic() < end
        held = control.held()
        yield from held
        if held:
            control.release()
        time.sleep(0.02)


@pytest.mark.parametrize("change", CHANGES)
def test_pods_are_served_before_during_and_after_it(
    new_habit: Callable[[], Habit],
    files: dict[str, str],
    control: Control,
    writes: Writes,
    aws: Aws,
    change: str,
) -> None:
    twin = new_habit()
    control.clear_calls()
    twin.shop.iamsa(*words_of(change, twin, files), "--adopt")
    wrote = writes()
    assert len(wrote) >= 2

    habit = new_habit()
    token = habit.token()
    check_that_pods_are_served(habit, aws, token)
    for action in set(wrote):
        control.fault("kube" if action.startswith("kube") else "aws", action, {"hold": "before"}, times=None)
    run = start(habit.shop, [*words_of(change, habit, files), "--adopt"])
    held = []
    for call in stops(control, run):
        check_that_pods_are_served(habit, aws, token)
        held.append(call["action"])
    assert (run.wait(), held) == (0, wrote)
    control.clear_faults()
    check_that_pods_are_served(habit, aws, token)


def test_delete_removes_all_of_it_once_it_is_told_to(habit: Habit) -> None:
    habit.run("-c", "NAME", "-p", SQS, "--adopt")
    refused = habit.run("delete", "NAME", "--yes", code=1)
    assert "--adopt" in refused.stderr
    # gen3 annotates a ServiceAccount of which Kubernetes records no manager.
    unrecorded = habit.run("delete", "NAME", "--yes", "--adopt", "--purge", code=1)
    assert "--force-conflicts" in unrecorded.stderr
    habit.run("delete", "NAME", "--yes", "--adopt", "--purge", "--force-conflicts")
    assert habit.role() is None
    assert ROLE_ARN not in habit.shop.annotations()


def test_the_role_s_name_can_be_caught_by_a_shell(newcomer: Habit) -> None:
    script = 'role=$(kubectl iamsa -c "$1" -p "$2" -n "$3") && printf "[%s]" "$role"'
    words = ["sh", "-c", script, "sh", newcomer.name, S3, newcomer.shop.namespace]
    done = subprocess.run(words, env=newcomer.shop.world.environ, capture_output=True, text=True, check=False)
    assert done.stdout == f"[{newcomer.role_name}]"
    assert done.stderr.splitlines() == [
        f"role/{newcomer.role_name} created",
        f"role/{newcomer.role_name} policy {S3} attached",
        f"serviceaccount/{newcomer.name} created",
    ]


def test_a_create_after_gen3_s_never_empties_the_annotation(newcomer: Habit, aws: Aws) -> None:
    arn = newcomer.gen3_makes(S3)
    token = newcomer.token()
    newcomer.run("-c", "NAME", "-p", S3, code=1)
    assert newcomer.shop.annotations() == {ROLE_ARN: arn}
    assert newcomer.role_name in exchanged(aws, arn, token)


def test_pods_are_served_by_a_provider_that_it_created(newcomer: Habit, provider: str, aws: Aws) -> None:
    newcomer.shop.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    newcomer.run("-c", "NAME", "-p", S3, "--create-oidc-provider")
    assert newcomer.role_name in exchanged(aws, newcomer.arn, newcomer.token())


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
