# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`diff -f`, `delete -f` and `verify -f`: whole runs in memory."""

from __future__ import annotations

import json

import pytest
from unit.fakes.command_line import CommandLine
from unit.fakes.examples import CLUSTER, READ_S3, READ_SQS
from unit.runs.test_apply import THREE, manifest, write


@pytest.fixture
def applied(line: CommandLine) -> CommandLine:
    """The three ServiceAccounts have their roles."""
    line.run("apply", "-f", write(line, *THREE))
    line.world.account.age_record()
    return line


class TestDiff:
    def test_of_what_is_applied_is_empty(self, applied: CommandLine) -> None:
        assert applied.run("diff", "-f", "roles.yaml").out == ""

    def test_shows_all_that_changes_and_writes_nothing(self, applied: CommandLine) -> None:
        path = write(applied, THREE[0], manifest("b", READ_S3.name), manifest("d", READ_SQS.name))
        before = applied.world.state()
        lines = applied.run("diff", "-f", path, code=1).out.splitlines()
        assert f"+- {READ_S3.arn}" in lines
        assert "+++ serviceaccount/d in namespace web (planned)" in lines
        assert applied.world.state() == before

    def test_that_is_not_complete_says_why(self, applied: CommandLine) -> None:
        path = write(applied, manifest("a", READ_SQS.name), manifest("b", "NoSuchPolicy"))
        done = applied.run("diff", "-f", path, code=3)
        assert f"+- {READ_SQS.arn}" in done.out.splitlines()
        assert "roles.yaml:10: web/b: there is no managed policy named NoSuchPolicy" in done.err

    def test_of_a_wrong_manifest_could_not_be_determined(self, line: CommandLine) -> None:
        line.refused("diff", "-f", write(line, manifest("a", prge=True)), code=3)


class TestDelete:
    def test_deletes_what_the_manifests_name(self, applied: CommandLine) -> None:
        applied.run("create", "other", "-p", READ_S3.name)
        done = applied.run("delete", "-f", "roles.yaml", "--yes")
        assert done.out.splitlines() == ["web/a deleted", "web/b deleted", "web/c deleted", "3 deleted"]
        assert done.err == f"deleting 3 roles and 3 ServiceAccounts of cluster {CLUSTER.arn}\n"
        assert len(applied.world.account.roles) == 1

    def test_a_dry_run_writes_nothing(self, applied: CommandLine) -> None:
        before = applied.world.state()
        lines = applied.run("delete", "-f", "roles.yaml", "--dry-run").out.splitlines()
        assert lines[-1] == "3 deleted (dry run)"
        assert applied.world.state() == before

    def test_what_is_not_there_fails_unless_that_is_ignored(self, applied: CommandLine) -> None:
        path = write(applied, *THREE, manifest("d"))
        done = applied.run("delete", "-f", path, "--yes", code=1)
        assert done.out.splitlines()[-1] == "3 deleted, 1 failed"
        again = applied.run("delete", "-f", path, "--yes", "--ignore-not-found")
        assert again.out == "4 not found\n"

    def test_purge_of_a_manifest_deletes_no_role_with_unmanaged_policies(self, applied: CommandLine) -> None:
        role = next(role for role in applied.world.account.roles.values() if "web-a" in role.name)
        applied.world.account.attached[role.name][READ_SQS.arn] = READ_SQS.name
        path = write(applied, manifest("a", purge=True))
        done = applied.run("delete", "-f", path, "--yes", code=1)
        assert done.out == "1 failed\n"
        assert role.name in applied.world.account.roles

    def test_a_document_lists_all(self, applied: CommandLine) -> None:
        printed = json.loads(applied.run("delete", "-f", "roles.yaml", "--yes", "-o", "json").out)
        assert [one["status"]["run"]["changed"] for one in printed["items"]] == [True, True, True]


class TestVerify:
    def test_prints_a_line_for_each(self, applied: CommandLine) -> None:
        done = applied.run("verify", "-f", "roles.yaml", "--no-headers")
        assert [one.split()[:2] + one.split()[3:] for one in done.out.splitlines()] == [
            ["web", name, "yes", "<none>"] for name in "abc"
        ]

    def test_one_that_is_not_there_has_no_role(self, applied: CommandLine) -> None:
        path = write(applied, THREE[0], manifest("d"))
        lines = applied.run("verify", "-f", path, code=1).out.splitlines()
        assert lines[-1].split()[:4] == ["web", "d", "<none>", "no"]

    def test_a_document_has_all(self, applied: CommandLine) -> None:
        path = write(applied, THREE[0], manifest("d"))
        printed = json.loads(applied.run("verify", "-f", path, "-o", "json", code=1).out)
        verdicts = [one["status"]["verification"]["verdict"] for one in printed["items"]]
        assert verdicts == ["yes", "no"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("diff a -f x", "-f cannot be combined with a NAME"),
        ("diff -f x -p y", "-f cannot be combined with -p"),
        ("delete a -k x", "-k cannot be combined with a NAME"),
        ("delete -f x --role-name y", "-f cannot be combined with --role-name"),
        ("delete", "delete requires a NAME, or -f FILE"),
        ("diff", "diff requires a NAME and at least one --policy, or -f FILE"),
        ("delete a -R", "--recursive requires -f or -k"),
        ("verify -A -f x", "-A cannot be combined with -f or -k"),
        ("verify a -f x", "-f cannot be combined with a NAME"),
        ("verify", "verify requires a NAME, -l, --all, -A or -f"),
    ],
)
def test_a_name_or_manifests(line: CommandLine, words: str, says: str) -> None:
    verb, *_rest = words.split()
    assert line.refused(*words.split(), code=2) == f'{says}; see "kubectl iamsa {verb} --help"'
