"""Changes by another process, between the reads and the writes of a command and at any other time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from unit.fakes.command_line import CommandLine
from unit.fakes.examples import HOME, READ_S3, READ_SQS, document, our_statement, service_account, target
from unit.fakes.wire import meanwhile
from unit.runs.shop import (
    ARN,
    CREATE,
    DELETE,
    NAME,
    annotate,
    make_role,
    make_service_account,
    set_tags,
    set_trust,
    trusted_besides,
    trusting_account,
    write_policy,
)

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_MARKER,
    ANNOTATION_ROLE_ARN,
)

Change = Callable[[CommandLine], Any]
ADD_SQS = ("update", "my-sa", "-p", READ_SQS.name)
# The second GetRole of a run on an existing role is the check right before its first change.
BEFORE_THE_FIRST_WRITE = {"skip": 1}


def meet(line: CommandLine, call: str, change: Change, skip: int = 0) -> None:
    """`change` happens right before that call of the next command."""
    line.world.wire.on(call, meanwhile(lambda: change(line)), skip=skip)


def remove(line: CommandLine) -> None:
    """The role, with everything that it has."""
    for part in (line.world.account.roles, line.world.account.attached, line.world.account.inline):
        part.clear()


def attached(line: CommandLine) -> list[str]:
    return sorted(line.world.account.attached[NAME].values())


def test_a_role_that_is_deleted_before_the_write_is_noticed(made: CommandLine) -> None:
    meet(made, "iam:GetRole", remove, **BEFORE_THE_FIRST_WRITE)
    assert f"role {NAME} was deleted" in made.run(*CREATE, "-p", READ_SQS.name, code=1).err
    made.run(*CREATE, "-p", READ_SQS.name)
    assert attached(made) == [READ_S3.name, READ_SQS.name]


@pytest.mark.parametrize(
    "words", [(*CREATE, "-p", READ_SQS.name), ADD_SQS, DELETE], ids=lambda words: words[0]
)
def test_a_role_that_is_given_to_another_before_the_write_is_left_alone(
    made: CommandLine, words: tuple[str, ...]
) -> None:
    meet(
        made,
        "iam:GetRole",
        lambda line: set_tags(line, iamsa__service_account="another"),
        **BEFORE_THE_FIRST_WRITE,
    )
    made.run(*words, code=1)
    assert [name for name in made.world.wire.writes if name.startswith("iam:")] == []
    assert attached(made) == [READ_S3.name]


def test_a_trust_statement_that_appears_before_the_write_stops_it(made: CommandLine) -> None:
    meet(made, "iam:GetRole", trusted_besides, **BEFORE_THE_FIRST_WRITE)
    assert "Allow sts:AssumeRole" in made.run(*ADD_SQS, code=1).err
    assert attached(made) == [READ_S3.name]


def test_a_role_with_forged_tags_that_appears_before_ours_gets_no_policy(line: CommandLine) -> None:
    def forge(line: CommandLine) -> None:
        make_role(line, path="/iamsa/", trust=[trusting_account()], tags=target().role.tags)

    meet(line, "iam:CreateRole", forge)
    line.run(*CREATE, code=1)
    assert (attached(line), line.world.kubernetes.service_accounts) == ([], {})


def test_a_role_that_is_deleted_after_its_policies_were_attached_fails_the_run(line: CommandLine) -> None:
    meet(line, "create serviceaccount", remove)
    assert NAME in line.run(*CREATE, "--timeout=8s", code=1).err
    line.run(*CREATE)
    assert attached(line) == [READ_S3.name]


def recreated(line: CommandLine) -> None:
    line.world.kubernetes.service_accounts.clear()
    line.world.kubernetes.put(replace(service_account({"team": "web"}, {"team": "helm"}), uid="theirs"))


@pytest.mark.parametrize(
    ("change", "left"),
    [
        pytest.param(recreated, {"team": "web"}, id="created again"),
        pytest.param(lambda line: annotate(line, team="web"), None, id="annotated"),
        pytest.param(
            lambda line: annotate(line, **{ANNOTATION_ROLE_ARN: HOME.role_arn("/", "other")}),
            {ANNOTATION_ROLE_ARN: HOME.role_arn("/", "other")},
            id="given another role",
        ),
    ],
)
def test_of_a_service_account_that_changes_before_it_is_deleted(
    made: CommandLine, change: Change, left: dict[str, str] | None
) -> None:
    """Only what became another's stays."""
    meet(made, "delete serviceaccount", change)
    done = made.run(*DELETE)
    assert made.world.account.roles == {}
    assert ("serviceaccount/my-sa deleted" in done.out) == (left is None)
    if left is None:
        assert made.world.kubernetes.service_accounts == {}
    else:
        assert left.items() <= made.world.annotations.items()


OTHERS = {
    "helm": {"meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "web"},
    "argo": {"argocd.argoproj.io/tracking-id": "shop:/ServiceAccount:web/shop"},
    "eksctl": {"alpha.eksctl.io/note": "ü \u202e \u200b"},
    "terraform": {"kubectl.kubernetes.io/last-applied-configuration": '{"a": 1}\n'},
}


@pytest.mark.parametrize("tool", OTHERS)
def test_annotations_of_other_tools_are_never_touched(line: CommandLine, tool: str) -> None:
    theirs = OTHERS[tool]
    line.world.kubernetes.put(service_account(theirs, dict.fromkeys(theirs, tool)))
    for words in (CREATE, ADD_SQS, DELETE):
        line.run(*words)
        ours = (ANNOTATION_ROLE_ARN, ANNOTATION_MARKER)
        assert {key: value for key, value in line.world.annotations.items() if key not in ours} == theirs


def test_tags_of_other_tools_stay_on_an_adopted_role(line: CommandLine) -> None:
    theirs = {"Terraform": "true", "alpha.eksctl.io/cluster-name": "demo", "team": "ü @ x"}
    make_role(line, path="/iamsa/", trust=[our_statement()], tags=theirs)
    line.run(*CREATE, "--adopt")
    line.run(*ADD_SQS, "--tag", "cost=7")
    assert theirs.items() <= line.world.role.tags.items()


def test_an_inline_policy_of_another_is_overwritten_only_with_its_flag(made: CommandLine) -> None:
    made.world.account.inline[NAME]["reader"] = document("*")
    path = write_policy(made)
    assert "--force-conflicts" in made.refused(*CREATE, "-p", path)
    made.run(*CREATE, "-p", path, "--force-conflicts")
    assert made.world.account.inline[NAME] == {"reader": document()}


def test_no_part_of_an_inline_policy_of_another_is_changed(made: CommandLine) -> None:
    made.world.account.inline[NAME]["by-hand"] = document("*")
    made.run(*CREATE, "-p", READ_SQS.name)
    made.run("update", "my-sa", "-a", "delete", "-p", READ_SQS.name)
    assert made.world.account.inline[NAME] == {"by-hand": document("*")}


def test_a_trust_that_is_replaced_concurrently_is_not_overwritten(made: CommandLine) -> None:
    set_trust(made, {**our_statement(), "Action": "sts:AssumeRole"})
    meet(made, "iam:GetRole", trusted_besides, **BEFORE_THE_FIRST_WRITE)
    made.run(*CREATE, code=1)
    assert made.world.role.trust["Statement"] == [our_statement(), trusting_account()]


@pytest.mark.parametrize(
    ("there", "line_said"),
    [
        ({}, "serviceaccount/my-sa annotated"),
        (
            {ANNOTATION_ROLE_ARN: ARN},
            "serviceaccount/my-sa left unchanged: another process has already done it",
        ),
    ],
    ids=["without the annotation", "with it"],
)
def test_a_service_account_that_appears_before_it_is_created_is_not_said_to_be_created(
    line: CommandLine, there: dict[str, str], line_said: str
) -> None:
    meet(line, "create serviceaccount", lambda line: make_service_account(line, there))
    printed = line.run(*CREATE).out.splitlines()
    assert line_said in printed
    assert "serviceaccount/my-sa created" not in printed
    assert line.world.annotations == {ANNOTATION_ROLE_ARN: ARN}
