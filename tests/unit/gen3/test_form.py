"""The form of gen3 iam-serviceaccount, `kubectl iamsa -c|-u|-l NAME`: what its users rely on."""

from __future__ import annotations

import pytest
from unit.fakes.examples import BOUNDARY, SUBJECT, document, our_statement, target
from unit.fakes.wire import fails
from unit.gen3.habit import ROLE, S3, SNS, SQS, Habit, arn_of

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_ROLE_ARN,
)
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.pods import PodOwner
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy

CREATES = [
    "-c NAME -p ARN -n web",
    "-cNAME -pARN -nweb",
    "-c=NAME -p=ARN -n=web",
    "--create NAME --policy ARN --namespace web",
    "--create=NAME --policy=ARN --namespace=web",
    "-p ARN --namepace=web -c NAME",
    "--region eu-west-1 -n web --request-timeout 20s -p ARN --create=NAME --timeout 1m",
    "-c NAME --cluster-name=demo -p ARN --timeout=1m -n web",
]

ACTIONS = "must be one of a, add, u, update, d, delete"


@pytest.mark.parametrize("line", CREATES)
def test_create_in_each_spelling(habit: Habit, line: str) -> None:
    assert habit.run(line).out == f"{ROLE}\n"
    assert habit.attached() == {S3}
    assert habit.world.annotations[ANNOTATION_ROLE_ARN] == arn_of()


@pytest.mark.parametrize(
    ("line", "added", "attached"),
    [
        ("-u NAME -p SQS -a a", [SQS], {S3, SQS}),
        ("-uNAME -pSQS -aa", [SQS], {S3, SQS}),
        ("--update NAME --policy SQS --action a", [SQS], {S3, SQS}),
        ("--update=NAME --policy=SQS --action=a", [SQS], {S3, SQS}),
        ("-u NAME -p SQS -a u", [SQS], {S3, SQS}),
        ("-u NAME -a a -p SQS -p SNS", [SQS, SNS], {S3, SQS, SNS}),
        ("-u NAME -p S3 -a d", [], set()),
        ("-a=delete --policy=S3 --update=NAME", [], set()),
    ],
)
def test_update_in_each_spelling_is_silent_on_stdout(
    settled: Habit, line: str, added: list[str], attached: set[str]
) -> None:
    done = settled.run(line)
    assert done.out == ""
    assert {f"role/{ROLE} policy {name} attached" for name in added} <= set(done.err.splitlines())
    assert settled.attached() == attached


@pytest.mark.parametrize("line", ["-l NAME", "-lNAME", "-l=NAME", "--list NAME", "--list=NAME"])
def test_list_prints_managed_then_inline_names_in_each_spelling(habit: Habit, line: str) -> None:
    habit.gen3_makes(S3, SQS, files={"a-reader": document()})
    done = habit.unchanged(line)
    assert (done.out, done.err) == (f"{S3}\n{SQS}\na-reader-1700000000\n", "")


def test_of_a_run_that_fails_each_step_is_told_once(habit: Habit) -> None:
    habit.world.wire.on("iam:AttachRolePolicy", fails("LimitExceeded"))
    done = habit.run("-c NAME -p S3", code=1)
    assert done.out == ""
    assert done.err.splitlines()[:4] == [
        f"role/{ROLE} created",
        f"not done: role/{ROLE} policy {S3} attached",
        f"not done: serviceaccount/{SUBJECT.name} created",
        "run the same command again to continue",
    ]


def test_the_role_lies_under_the_root_path_and_trusts_this_service_account_alone(settled: Habit) -> None:
    role = settled.world.role
    assert (role.path, role.arn) == ("/", arn_of())
    assert role.trust["Statement"] == [our_statement()]


def test_a_role_says_whose_it_is_in_tags(settled: Habit) -> None:
    tags = settled.world.role.tags
    assert {**tags, **target().role.tags} == tags
    assert len(tags) == len(target().role.tags) + 1  # and which policy iamsa has put there


def test_an_audience_that_the_service_account_has_is_kept(habit: Habit) -> None:
    habit.service_account({ANNOTATION_AUDIENCE: "vault"})
    assert "does not list the audience vault; add --create-oidc-provider" in habit.refused("-c NAME -p S3")
    habit.run("-c NAME -p S3 --create-oidc-provider")
    (statement,) = habit.world.role.trust["Statement"]
    assert "vault" in statement["Condition"]["StringEquals"].values()
    assert habit.world.annotations == {ANNOTATION_AUDIENCE: "vault", ANNOTATION_ROLE_ARN: arn_of()}


def test_a_boundary_can_be_set_and_no_update_drops_it(habit: Habit) -> None:
    habit.world.account.add(ManagedPolicy("boundary", BOUNDARY))
    habit.run(f"create NAME -p S3 --role-name-style=gen3 --permissions-boundary {BOUNDARY}")
    habit.run("-u NAME -p SQS -a a")
    habit.run("-c NAME -p S3")
    assert habit.world.role.permissions_boundary == BOUNDARY


def test_what_was_made_can_be_deleted(settled: Habit) -> None:
    settled.run("delete NAME --yes")
    assert (settled.role(), settled.world.kubernetes.service_accounts) == (None, {})


def test_what_runs_already_is_named_with_the_command_that_restarts_it(habit: Habit) -> None:
    habit.service_account({})
    habit.world.kubernetes.pods = {PodOwner("Pod", "tool"): ""}
    done = habit.run("-c NAME -p S3")
    assert done.out == f"{ROLE}\n"
    assert "  kubectl delete pod/tool -n web  # then recreate it" in done.err


class TestExitCode:
    @pytest.mark.parametrize("line", ["-c NAME -p S3", "-u NAME -p S3 -a a"])
    def test_is_0_where_all_is_done_already(self, settled: Habit, line: str) -> None:
        settled.unchanged(line)

    def test_is_0_where_a_policy_that_is_to_go_is_not_there(self, settled: Habit) -> None:
        assert settled.unchanged("-u NAME -p SQS -a d").err == f"note: role {ROLE} has no policy {SQS}\n"

    @pytest.mark.parametrize("line", ["-l NAME", "-u NAME -p S3 -a a", "-u NAME -p S3 -a d"])
    def test_is_1_where_there_is_no_role(self, habit: Habit, line: str) -> None:
        assert habit.refused(line).startswith(f"role {ROLE} ")

    @pytest.mark.parametrize(
        ("line", "sentence"),
        [
            ("-c NAME", "-c requires exactly one -p, got 0; add -p POLICY"),
            ("-c NAME -p S3 -p SQS", "-c requires exactly one -p, got 2; add the other policies with -u"),
            ("-c NAME -p S3 -a a", "-a cannot be combined with -c; remove it, or use -u instead of -c"),
            ("-u NAME -a a", "-u requires a policy; add -p POLICY"),
            ("-l NAME -p S3", "-p cannot be combined with -l; remove it, or use -u instead of -l"),
            ("-l NAME -c NAME", "-c and -l cannot be combined; use one of them"),
            *(
                (f"-u NAME -p S3 --action={action}", f'invalid value "{action}" for --action: {ACTIONS}; ')
                for action in ("x", "D", "delet", "")
            ),
        ],
    )
    def test_is_2_where_the_words_cannot_be_right(self, settled: Habit, line: str, sentence: str) -> None:
        settled.world.wire.forget()
        assert settled.refused(line, code=2).startswith(sentence)
        assert settled.world.wire.calls == []
