"""The same create repairs what has drifted from what iamsa made. Each repair is a printed step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from unit.fakes.command_line import CommandLine
from unit.fakes.examples import BOUNDARY, OTHER_BOUNDARY, READ_S3, READ_SQS, document, our_statement
from unit.runs.shop import (
    ARN,
    CREATE,
    NAME,
    add_boundaries,
    annotate,
    change_role,
    set_tags,
    set_trust,
    write_policy,
)

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN

Change = Callable[[CommandLine], Any]
KEYS = {key.rpartition(":")[2]: key for key in our_statement()["Condition"]["StringEquals"]}


def under(**conditions: str) -> dict[str, Any]:
    """Our trust statement with these values for `sub` and `aud` alone."""
    return {
        **our_statement(),
        "Condition": {"StringEquals": {KEYS[key]: value for key, value in conditions.items()}},
    }


SUB = our_statement()["Condition"]["StringEquals"][KEYS["sub"]]


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([{**our_statement(), "Action": "sts:AssumeRole"}], id="another action"),
        pytest.param([under(sub=SUB, aud="vault")], id="another audience"),
        pytest.param([under(sub=SUB)], id="no audience"),
        pytest.param([our_statement(), {**our_statement(), "Sid": "Again"}], id="twice the statement"),
    ],
)
def test_our_trust_statement_is_restored(made: CommandLine, statements: list[Any]) -> None:
    set_trust(made, *statements)
    assert made.run(*CREATE).out.splitlines() == [f"role/{NAME} trust policy repaired", ARN]
    assert made.world.role.trust["Statement"] == [our_statement()]
    assert made.world.wire.writes == ["iam:UpdateAssumeRolePolicy"]


def without_policy(line: CommandLine) -> None:
    line.world.account.attached[NAME].clear()


def without_role(line: CommandLine) -> None:
    for part in (line.world.account.roles, line.world.account.attached, line.world.account.inline):
        part.clear()


@pytest.mark.parametrize(
    ("change", "steps"),
    [
        (lambda line: set_tags(line, iamsa__manager=None), [f"role/{NAME} tagged with iamsa/manager"]),
        (lambda line: annotate(line, **{ANNOTATION_ROLE_ARN: None}), ["serviceaccount/my-sa annotated"]),
        (
            lambda line: line.world.kubernetes.service_accounts.clear(),
            ["serviceaccount/my-sa created"],
        ),
        (without_role, [f"role/{NAME} created", f"role/{NAME} policy {READ_S3.name} attached"]),
    ],
    ids=["tag", "annotation", "ServiceAccount", "role"],
)
def test_what_was_removed_is_restored(made: CommandLine, change: Change, steps: list[str]) -> None:
    before = made.world.state()
    change(made)
    assert made.run(*CREATE).out.splitlines() == [*steps, ARN]
    assert made.world.state() == before


def test_a_detached_policy_is_attached_and_recorded_again(made: CommandLine) -> None:
    before = made.world.state()
    without_policy(made)
    assert f"role/{NAME} policy {READ_S3.name} attached" in made.run(*CREATE).out.splitlines()
    assert made.world.state() == before


class TestInlinePolicy:
    @pytest.fixture
    def reading(self, line: CommandLine) -> CommandLine:
        write_policy(line)
        line.run("create", "my-sa", "-p", "./reader.json")
        return line

    def test_that_says_something_else_is_repaired(self, reading: CommandLine) -> None:
        reading.world.account.inline[NAME]["reader"] = document("s3:*")
        done = reading.run("create", "my-sa", "-p", "./reader.json")
        assert done.out.splitlines() == [f"role/{NAME} inline policy reader updated", ARN]
        assert reading.world.account.inline[NAME] == {"reader": document()}

    def test_that_says_the_same_in_other_words_is_no_drift(self, reading: CommandLine) -> None:
        same = {"Resource": ["*"], "Action": "s3:GetObject", "Effect": "Allow"}
        reading.world.account.inline[NAME]["reader"] = {"Version": "2012-10-17", "Statement": same}
        assert "unchanged" in reading.run("create", "my-sa", "-p", "./reader.json").out


class TestBoundary:
    @pytest.fixture
    def bounded(self, line: CommandLine) -> CommandLine:
        add_boundaries(line)
        line.run(*CREATE, "--permissions-boundary", BOUNDARY)
        line.world.wire.forget()
        return line

    def test_that_was_removed_is_restored_first(self, bounded: CommandLine) -> None:
        change_role(bounded, replace(bounded.world.role, permissions_boundary=None))
        without_policy(bounded)
        lines = bounded.run(*CREATE).out.splitlines()
        assert lines[0] == f"role/{NAME} permissions boundary {BOUNDARY} restored"
        assert bounded.world.wire.writes[0] == "iam:PutRolePermissionsBoundary"
        assert bounded.world.role.permissions_boundary == BOUNDARY

    def test_is_replaced_only_by_one_that_is_named(self, bounded: CommandLine) -> None:
        assert "unchanged" in bounded.run(*CREATE).out
        assert bounded.world.role.permissions_boundary == BOUNDARY
        assert bounded.run(*CREATE, "--permissions-boundary", OTHER_BOUNDARY).out.splitlines() == [
            f"role/{NAME} permissions boundary {OTHER_BOUNDARY} set",
            f"role/{NAME} tagged with iamsa/permissions-boundary",
            ARN,
        ]
        assert bounded.world.role.permissions_boundary == OTHER_BOUNDARY


def test_settings_change_only_when_they_are_given_again(line: CommandLine) -> None:
    line.run(*CREATE, "--description", "reads", "--max-session-duration", "2h", "--tag", "team=a")
    assert "serviceaccount/my-sa unchanged" in line.run(*CREATE).out
    again = line.run(*CREATE, "--description", "writes", "--tag", "team=b")
    assert again.out.splitlines() == [f"role/{NAME} description set", f"role/{NAME} tagged with team", ARN]
    longer = line.run(*CREATE, "--max-session-duration", "3h")
    assert longer.out.splitlines() == [f"role/{NAME} max session duration set", ARN]
    role = line.world.role
    assert (role.description, role.max_session_duration, role.tags["team"]) == ("writes", 10800, "b")


def test_what_others_added_stays(made: CommandLine) -> None:
    set_tags(made, cost_center="7")
    made.world.account.attached[NAME][READ_SQS.arn] = READ_SQS.name
    annotate(made, owner="me")
    before = made.world.state()
    assert "serviceaccount/my-sa unchanged" in made.run(*CREATE).out
    assert made.world.state() == before
