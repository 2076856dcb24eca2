"""`kubectl iamsa delete` removes what iamsa created, in an order that leaves nothing dangling."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from unit.fakes.command_line import CommandLine
from unit.fakes.examples import BOUNDARY, HOME, READ_S3, SUBJECT
from unit.fakes.wire import fails
from unit.runs.shop import (
    ARN,
    CREATE,
    DELETE,
    NAME,
    add_boundaries,
    annotate,
    make_service_account,
    write_policy,
)

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_MARKER,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_TOKEN_EXPIRATION,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.pods import PodOwner

Change = Callable[[CommandLine], object]
GONE = ({}, {})


def left(line: CommandLine) -> tuple[object, object]:
    """The roles and ServiceAccounts that remain."""
    return line.world.account.roles, line.world.kubernetes.service_accounts


def without_role(line: CommandLine) -> None:
    for part in (line.world.account.roles, line.world.account.attached, line.world.account.inline):
        part.clear()


def test_everything_it_created_goes_and_the_annotation_first(line: CommandLine) -> None:
    add_boundaries(line)
    line.run(*CREATE, "-p", write_policy(line), "--permissions-boundary", BOUNDARY)
    line.world.wire.forget()
    assert line.run(*DELETE).out.splitlines() == [
        f"serviceaccount/my-sa annotation {ANNOTATION_ROLE_ARN} removed",
        f"role/{NAME} policy {READ_S3.name} detached",
        f"role/{NAME} inline policy reader deleted",
        f"role/{NAME} deleted",
        "serviceaccount/my-sa deleted",
    ]
    assert line.world.wire.writes == [
        "patch serviceaccount",
        "iam:DetachRolePolicy",
        "iam:DeleteRolePolicy",
        "iam:DeleteRole",
        "delete serviceaccount",
    ]
    assert left(line) == GONE


def test_a_service_account_of_another_tool_stays_as_it_was(line: CommandLine) -> None:
    make_service_account(line, {"meta.helm.sh/release-name": "shop"})
    line.run(*CREATE, "--token-expiration", "1h")
    line.run(*DELETE)
    assert line.world.account.roles == {}
    assert line.world.annotations == {"meta.helm.sh/release-name": "shop"}


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (lambda line: line.world.kubernetes.service_accounts.clear(), [f"role/{NAME} deleted"]),
        (without_role, ["serviceaccount/my-sa deleted"]),
    ],
    ids=["no ServiceAccount", "no role"],
)
def test_what_is_left_of_the_two_goes(made: CommandLine, change: Change, lines: list[str]) -> None:
    change(made)
    assert made.run(*DELETE).out.splitlines()[-1:] == lines
    assert left(made) == GONE


def test_an_annotation_without_the_role_s_path_is_the_role_s(made: CommandLine) -> None:
    annotate(made, **{ANNOTATION_ROLE_ARN: HOME.role_arn("/", NAME)})
    made.run(*DELETE, "--force-conflicts")
    assert left(made) == GONE


def test_a_role_with_a_name_of_its_own_is_found_by_the_annotation(line: CommandLine) -> None:
    line.run(*CREATE, "--role-name", "mine")
    line.run(*DELETE)
    assert left(line) == GONE


class TestKeep:
    def test_the_service_account_loses_its_annotations(self, made: CommandLine) -> None:
        made.run(*DELETE, "--keep-service-account")
        assert (made.world.account.roles, made.world.annotations) == ({}, {})

    def test_the_role_stays_as_it_is(self, made: CommandLine) -> None:
        role = made.world.role
        made.run(*DELETE, "--keep-role")
        assert left(made) == ({NAME: role}, {})
        assert made.world.account.attached[NAME].keys() == {READ_S3.arn}

    def test_of_both_only_the_annotations_go(self, line: CommandLine) -> None:
        line.run(*CREATE, "--token-expiration", "1h", "--audience", "sts.amazonaws.com")
        line.run(*DELETE, "--keep-role", "--keep-service-account")
        ours = {ANNOTATION_ROLE_ARN, ANNOTATION_TOKEN_EXPIRATION, ANNOTATION_AUDIENCE, ANNOTATION_MARKER}
        assert line.world.annotations.keys() & ours == set()
        assert line.world.role.arn == ARN


def test_a_service_account_that_was_given_another_role_keeps_it(line: CommandLine) -> None:
    line.run(*CREATE)
    line.run(*CREATE, "--role-name", "other", "--force-conflicts")
    line.run(*DELETE, "--role-name", NAME)
    assert line.world.account.roles.keys() == {"other"}
    assert line.world.annotations[ANNOTATION_ROLE_ARN] == HOME.role_arn("/iamsa/", "other")


def test_a_copy_with_our_marker_stays(made: CommandLine) -> None:
    """A ServiceAccount that was restored from a backup under another name."""
    (original,) = made.world.kubernetes.service_accounts.values()
    copy = Subject("web", "copy")
    made.world.kubernetes.put(replace(original, subject=copy, managers={}))
    made.run("create", "copy", "-p", READ_S3.name, "--force-conflicts", "--role-name", "of-the-copy")
    made.run("delete", "copy", "--yes")
    assert made.world.account.roles.keys() == {NAME}
    assert ANNOTATION_ROLE_ARN not in made.world.kubernetes.service_accounts[copy].annotations
    assert ANNOTATION_ROLE_ARN in made.world.annotations


def test_a_second_delete_finds_nothing(made: CommandLine) -> None:
    made.run(*DELETE)
    made.world.wire.forget()
    assert f"serviceaccount {SUBJECT}" in made.refused(*DELETE)
    assert made.run(*DELETE, "--ignore-not-found").out == ""
    assert made.world.wire.writes == []


@pytest.mark.parametrize("kind", ["client", "server"])
def test_a_dry_run_foretells_the_steps_and_writes_nothing(made: CommandLine, kind: str) -> None:
    before = made.world.state()
    foretold = json.loads(made.run(*DELETE, f"--dry-run={kind}", "-o", "json").out)["status"]["run"]
    assert (made.world.state(), made.world.wire.writes) == (before, [])
    done = json.loads(made.run(*DELETE, "-o", "json").out)["status"]["run"]
    assert foretold["steps"] == done["steps"]
    assert (foretold["changed"], done["changed"]) == (True, True)


def test_pods_that_still_run_under_it_are_named(made: CommandLine) -> None:
    made.world.kubernetes.pods = {PodOwner("Pod", "left"): ARN}
    assert f"pod/left runs under serviceaccount {SUBJECT}" in made.run(*DELETE).err


def test_a_denied_delete_is_noticed_before_aws_is_touched(made: CommandLine) -> None:
    made.world.wire.on("rehearse delete serviceaccount", fails("Forbidden"), times=9)
    before = made.world.state()
    made.run(*DELETE, code=1)
    assert (made.world.state(), made.world.wire.writes) == (before, [])
