"""The form of gen3 iam-serviceaccount, `kubectl iamsa -c|-u|-l NAME`: what its users rely on."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace

import pytest
from e2e.gen3 import Habit, document, habit_of
from e2e.shop import AUDIENCE, ROLE_ARN, S3, SQS, Shop, aws_managed
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]


@pytest.fixture
def habit(shop: Shop) -> Habit:
    """A user of the old form; nothing of the ServiceAccount exists."""
    return habit_of(shop)


@pytest.fixture
def settled(habit: Habit, control: Control) -> Habit:
    """The same, after a first -c; the call log begins empty."""
    habit.run("-c", "NAME", "-p", S3)
    control.clear_calls()
    return habit


CREATES = [
    "-c NAME -p POLICY -n NAMESPACE",
    "-cNAME -pPOLICY -nNAMESPACE",
    "-c=NAME -p=POLICY -n=NAMESPACE",
    "--create NAME --policy POLICY --namespace NAMESPACE",
    "--create=NAME --policy=POLICY --namespace=NAMESPACE",
    "-p POLICY --namepace=NAMESPACE -c NAME",
    "--region us-east-1 -n NAMESPACE --request-timeout 20s -p POLICY --create=NAME --timeout 1m",
    "-c NAME --cluster-name=demo -p POLICY --timeout=1m -n NAMESPACE",
]


@pytest.mark.parametrize("line", CREATES)
def test_create_in_each_spelling(habit: Habit, line: str) -> None:
    values = {"NAMESPACE": habit.shop.namespace, "NAME": habit.name, "POLICY": aws_managed(S3)}
    for word, value in values.items():
        line = line.replace(word, value)
    done = habit.shop.iamsa(*line.split())
    assert done.stdout == f"{habit.role_name}\n"
    assert habit.attached() == {S3}
    assert habit.shop.annotations()[ROLE_ARN] == habit.arn


@pytest.mark.parametrize(
    "line",
    [
        "-u NAME -p POLICY -a a",
        "-uNAME -pPOLICY -aa",
        "--update NAME --policy POLICY --action a",
        "--update=NAME --policy=POLICY --action=a",
        "-u NAME -p POLICY -a u",
    ],
)
def test_update_adds_in_each_spelling_and_is_silent_on_stdout(settled: Habit, line: str) -> None:
    done = settled.run(*line.replace("POLICY", SQS).split())
    assert done.stdout == ""
    assert f"role/{settled.role_name} policy {SQS} attached" in done.stderr.splitlines()
    assert settled.attached() == {S3, SQS}


@pytest.mark.parametrize("line", ["-u NAME -p POLICY -a d", "-a=delete --policy=POLICY --update=NAME"])
def test_update_deletes(settled: Habit, line: str) -> None:
    assert settled.run(*line.replace("POLICY", S3).split()).stdout == ""
    assert settled.attached() == set()


def test_update_takes_several_policies(settled: Habit) -> None:
    more = (SQS, "AmazonSNSReadOnlyAccess")
    settled.run("-u", "NAME", "-a", "a", "-p", more[0], "-p", more[1])
    assert settled.attached() == {S3, *more}


@pytest.mark.parametrize("line", ["-l NAME", "-lNAME", "-l=NAME", "--list NAME", "--list=NAME"])
def test_list_prints_managed_then_inline_names_in_each_spelling(
    habit: Habit, control: Control, writes: Writes, line: str
) -> None:
    habit.gen3_makes(S3, SQS, files={"a-reader": document()})
    control.clear_calls()
    done = habit.run(*line.split())
    assert (done.stdout, done.stderr) == (f"{S3}\n{SQS}\na-reader-1700000000\n", "")
    assert writes() == []


def test_of_a_run_that_fails_each_step_is_told_once(habit: Habit, control: Control) -> None:
    control.fault("aws", "iam:AttachRolePolicy", {"error": "LimitExceeded"})
    done = habit.run("-c", "NAME", "-p", S3, code=1)
    assert done.stdout == ""
    assert done.stderr.splitlines()[:4] == [
        f"role/{habit.role_name} created",
        f"not done: role/{habit.role_name} policy {S3} attached",
        f"not done: serviceaccount/{habit.name} created",
        "run the same command again to continue",
    ]


def test_the_role_s_name_can_be_caught_by_a_shell(habit: Habit) -> None:
    script = 'role=$(kubectl iamsa -c "$1" -p "$2" -n "$3") && printf "[%s]" "$role"'
    words = ["sh", "-c", script, "sh", habit.name, S3, habit.shop.namespace]
    done = subprocess.run(words, env=habit.shop.world.environ, capture_output=True, text=True, check=False)
    assert done.stdout == f"[{habit.role_name}]"
    assert done.stderr.splitlines() == [
        f"role/{habit.role_name} created",
        f"role/{habit.role_name} policy {S3} attached",
        f"serviceaccount/{habit.name} created",
    ]


def test_the_role_lies_under_the_root_path_and_trusts_this_service_account_alone(settled: Habit) -> None:
    role = settled.role()
    assert role
    assert (role["Path"], role["Arn"]) == ("/", settled.arn)
    assert settled.shop.trust(settled.role_name) == [settled.shop.statement()]


@pytest.mark.usefixtures("provider")
def test_an_audience_that_the_service_account_has_is_kept(habit: Habit) -> None:
    habit.shop.make_service_account({AUDIENCE: "vault"})
    refused = habit.run("-c", "NAME", "-p", S3, code=1)
    assert "does not list the audience vault; add --create-oidc-provider" in refused.stderr
    habit.run("-c", "NAME", "-p", S3, "--create-oidc-provider")
    assert habit.shop.trust(habit.role_name) == [habit.shop.statement(audience="vault")]
    assert habit.shop.annotations() == {AUDIENCE: "vault", ROLE_ARN: habit.arn}


class TestRoleName:
    def test_of_a_role_is_cut_to_63_characters_for_all_three(self, habit: Habit) -> None:
        long = Habit(replace(habit.shop, name=f"{habit.name}-{'x' * 60}"))
        assert len(long.role_name) == 63
        assert long.run("-c", "NAME", "-p", S3).stdout == f"{long.role_name}\n"
        long.run("-u", "NAME", "-p", SQS, "-a", "a")
        assert long.run("-l", "NAME").stdout == f"{S3}\n{SQS}\n"

    def test_can_be_chosen_for_all_three(self, habit: Habit) -> None:
        name = f"Mine-{habit.name}"
        assert habit.run("-c", "NAME", "-p", S3, "--role-name", name).stdout == f"{name}\n"
        habit.run("-u", "NAME", "-p", SQS, "-a", "a", f"--role-name={name}")
        assert habit.run("--role-name", name, "-l", "NAME").stdout == f"{S3}\n{SQS}\n"
        assert habit.role() is None
        assert habit.shop.annotations()[ROLE_ARN] == habit.shop.arn_of(name)

    def test_is_found_again_by_the_annotation(self, habit: Habit) -> None:
        name = f"mine-{habit.name}"
        habit.run("-c", "NAME", "-p", S3, "--role-name", name)
        assert habit.run("-c", "NAME", "-p", S3).stdout == f"{name}\n"
        assert habit.run("-l", "NAME").stdout == f"{S3}\n"


class TestExitCode:
    def test_is_0_also_where_there_is_nothing_to_do(self, settled: Habit, writes: Writes) -> None:
        settled.run("-c", "NAME", "-p", S3)
        settled.run("-u", "NAME", "-p", S3, "-a", "a")
        done = settled.run("-u", "NAME", "-p", SQS, "-a", "d")
        assert done.stderr == f"note: role {settled.role_name} has no policy {SQS}\n"
        assert writes() == []

    @pytest.mark.parametrize(
        ("line", "sentence"),
        [
            ("-c NAME", "-c requires exactly one -p, got 0; add -p POLICY"),
            (
                f"-c NAME -p {S3} -p {SQS}",
                "-c requires exactly one -p, got 2; add the other policies with -u",
            ),
            (f"-c NAME -p {S3} -a a", "-a cannot be combined with -c; remove it, or use -u instead of -c"),
            ("-u NAME -a a", "-u requires a policy; add -p POLICY"),
            (f"-l NAME -p {S3}", "-p cannot be combined with -l; remove it, or use -u instead of -l"),
            ("-l NAME -c NAME", "-c and -l cannot be combined; use one of them"),
        ],
    )
    def test_is_2_where_the_words_cannot_be_right(
        self, settled: Habit, control: Control, line: str, sentence: str
    ) -> None:
        done = settled.run(*line.split(), code=2)
        assert (done.stdout, done.stderr) == ("", f"error: {sentence}\n")
        assert control.calls() == []

    @pytest.mark.parametrize("line", ["-l NAME", f"-u NAME -p {S3} -a a", f"-u NAME -p {S3} -a d"])
    def test_is_1_where_there_is_no_role(self, habit: Habit, writes: Writes, line: str) -> None:
        done = habit.run(*line.split(), code=1)
        assert done.stdout == ""
        assert done.stderr.startswith(f"error: role {habit.role_name} ")
        assert (done.stderr.count("\n"), writes()) == (1, [])
