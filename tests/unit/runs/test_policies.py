"""Policies by ARN, by name and from files: added to those of the role, or with --purge the exact set."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from unit.fakes.account import QUOTAS
from unit.fakes.command_line import CommandLine
from unit.fakes.examples import ACCOUNT, READ_S3, READ_SQS, document
from unit.fakes.wire import fails
from unit.runs.shop import ARN, CREATE, NAME, settled, write_policy

from ansible_collections.iamsa.eks.plugins.module_utils.policy.attached_by_us import (
    inline_digest,
    managed_digest,
)
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy

DEEP = ManagedPolicy("deep", f"arn:aws:iam::{ACCOUNT}:policy/team/shop/deep")
LAMBDA = ManagedPolicy(
    "AWSLambdaBasicExecutionRole", "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
)


def entry(digest: str) -> str:
    """The tag that records a policy."""
    return f"iamsa/policy/{digest}"


def of(*policies: str) -> tuple[str, ...]:
    """A create with these policies."""
    return ("create", "my-sa", *(word for policy in policies for word in ("-p", policy)))


def test_by_arn_and_by_name_whatever_the_policy_s_path(line: CommandLine) -> None:
    line.world.account.add(DEEP, LAMBDA)
    asked = of(READ_S3.arn, READ_SQS.name, DEEP.name, LAMBDA.name)
    line.run(*asked)
    assert line.world.account.attached[NAME].keys() == {READ_S3.arn, READ_SQS.arn, DEEP.arn, LAMBDA.arn}
    line.world.wire.forget()
    assert "serviceaccount/my-sa unchanged" in line.run(*asked).out
    looked_up = [name for name in line.world.wire.names("iam:") if "Polic" in name]
    assert looked_up == ["iam:ListAttachedRolePolicies"]


def test_the_same_policy_named_twice_is_one(line: CommandLine) -> None:
    lines = line.run(*of(READ_S3.name, READ_S3.arn, READ_S3.name)).out.splitlines()
    assert lines.count(f"role/{NAME} policy {READ_S3.name} attached") == 1


@pytest.mark.parametrize("spelled", ["file://{}", "{}", "./reader.json", "reader.json"])
def test_a_file_becomes_an_inline_policy_named_after_its_stem(line: CommandLine, spelled: str) -> None:
    path = write_policy(line)
    lines = line.run(*of(spelled.format(path))).out.splitlines()
    assert lines[1] == f"role/{NAME} inline policy reader added"
    account = line.world.account
    assert (account.inline[NAME], account.attached[NAME]) == ({"reader": document()}, {})


def test_policies_are_added_to_those_that_the_role_has(made: CommandLine) -> None:
    made.run(*of(READ_SQS.name, write_policy(made)))
    assert made.world.account.attached[NAME].keys() == {READ_S3.arn, READ_SQS.arn}
    assert made.world.account.inline[NAME] == {"reader": document()}


WIDE = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def write_wide(line: CommandLine) -> str:
    path = write_policy(line)
    Path(path).write_text(json.dumps(WIDE))
    return path


class TestWarnings:
    """A valid document that probably does not mean what its author thinks is put, with a warning."""

    @pytest.mark.parametrize("preview", [(), ("--dry-run",), ("--dry-run=client",)])
    def test_are_printed_by_runs_and_dry_runs(self, line: CommandLine, preview: tuple[str, ...]) -> None:
        path = write_wide(line)
        printed = line.run(*of(path), *preview).err
        assert f'policy file "{path}" has no Version, so IAM uses 2008-10-17' in printed
        assert f'policy file "{path}" allows all actions on all resources' in printed

    def test_a_document_without_version_is_put_as_it_is_and_once(self, line: CommandLine) -> None:
        asked = of(write_wide(line))
        line.run(*asked)
        assert line.world.account.inline[NAME] == {"reader": WIDE}
        assert "serviceaccount/my-sa unchanged" in line.run(*asked).out


class TestRejectedByAws:
    """What iamsa's checks accept and IAM does not."""

    def test_names_the_file_and_the_role_that_remains(self, line: CommandLine) -> None:
        path = write_policy(line)
        line.world.wire.on("iam:PutRolePolicy", fails("MalformedPolicyDocument", "legacy parsing"))
        told = line.run(*of(path), code=1).err
        assert f'AWS rejected policy file "{path}" (' in told
        assert f"role {NAME} was created and remains, without it" in told
        assert "correct it, and run the same command again" in told
        assert line.world.account.inline[NAME] == {}

    def test_says_nothing_of_a_role_that_existed(self, made: CommandLine) -> None:
        made.world.wire.on("iam:PutRolePolicy", fails("MalformedPolicyDocument", "legacy parsing"))
        assert "remains" not in made.run(*of(write_policy(made)), code=1).err


class TestPurge:
    def test_makes_the_set_exact_and_attaches_before_it_detaches(self, line: CommandLine) -> None:
        line.run(*CREATE, "-p", write_policy(line))
        line.world.account.age_record()
        line.world.wire.forget()
        removed = sorted([entry(managed_digest(READ_S3.arn)), entry(inline_digest("reader"))])
        assert line.run(*of(READ_SQS.name), "--purge").out.splitlines() == [
            f"role/{NAME} tagged with {entry(managed_digest(READ_SQS.arn))}",
            f"role/{NAME} policy {READ_SQS.name} attached",
            f"role/{NAME} policy {READ_S3.name} detached",
            f"role/{NAME} inline policy reader deleted",
            f"role/{NAME} tags {', '.join(removed)} removed",
            ARN,
        ]
        changes = ["iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:DeleteRolePolicy"]
        assert line.world.wire.writes == ["iam:TagRole", *changes, "iam:UntagRole"]
        account = line.world.account
        assert (account.attached[NAME].keys(), account.inline[NAME]) == ({READ_SQS.arn}, {})
        assert "unchanged" in line.run(*of(READ_SQS.name), "--purge").out

    def test_makes_room_first_at_the_quota(self, line: CommandLine) -> None:
        count = QUOTAS.attachments or 0
        full = [ManagedPolicy(f"p{n}", f"arn:aws:iam::{ACCOUNT}:policy/p{n}") for n in range(count)]
        line.world.account.add(*full)
        line.run(*of(*(one.arn for one in full)))
        line.world.account.age_record()
        line.world.wire.forget()
        assert f"AttachedPoliciesPerRole is {count}" in line.refused(*CREATE)
        line.run(*of(READ_S3.name, *(one.arn for one in full[1:])), "--purge")
        changes = ["iam:DetachRolePolicy", "iam:AttachRolePolicy"]
        assert line.world.wire.writes == ["iam:TagRole", *changes, "iam:UntagRole"]

    def test_leaves_an_inline_policy_that_is_asked_for(self, line: CommandLine) -> None:
        reader, other = write_policy(line), write_policy(line, "other", "s3:ListBucket")
        line.run(*of(reader, other))
        lines = line.run(*of(reader), "--purge").out.splitlines()
        assert lines[0] == f"role/{NAME} inline policy other deleted"
        assert line.world.account.inline[NAME] == {"reader": document()}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "line 1"),
        ('{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": []}', "Version"),
    ],
)
def test_a_malformed_file_is_refused_before_any_call(line: CommandLine, text: str, says: str) -> None:
    line.kubeconfig.with_name("wrong.json").write_text(text)
    error = line.refused(*of("wrong.json"))
    assert says in error
    assert "wrong.json" in error
    assert line.world.wire.calls == []


def test_a_create_with_policies_of_both_kinds_leaves_nothing_to_do(line: CommandLine) -> None:
    settled(line, "-p", write_policy(line), "-p", READ_SQS.arn)
