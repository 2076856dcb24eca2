"""Dry runs, `--diff` and the forms of output of a create."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from unit.fakes.command_line import CommandLine
from unit.fakes.examples import CLUSTER, ISSUER, READ_S3, READ_SQS, SUBJECT, our_statement
from unit.runs.shop import ARN, CREATE, NAME, annotate, set_trust

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_MARKER,
    ANNOTATION_ROLE_ARN,
)

HOST = ISSUER.removeprefix("https://")
OF_VAULT = json.loads(json.dumps(our_statement()).replace("sts.amazonaws.com", "vault"))


def nothing(_: CommandLine) -> None:
    """A first run."""


def drifted(line: CommandLine) -> None:
    line.run(*CREATE)
    annotate(line, **{ANNOTATION_ROLE_ARN: None})
    set_trust(line, {**our_statement(), "Action": "sts:AssumeRole"})


@pytest.mark.parametrize(("kind", "suffix"), [("client", "dry run"), ("server", "server dry run")])
@pytest.mark.parametrize("before", [nothing, drifted])
def test_a_dry_run_prints_the_steps_of_the_real_run_and_writes_nothing(
    line: CommandLine, before: Callable[[CommandLine], None], kind: str, suffix: str
) -> None:
    before(line)
    line.world.wire.forget()
    state = line.world.state()
    dry = line.run(*CREATE, f"--dry-run={kind}").out.splitlines()
    assert (line.world.state(), line.world.wire.writes) == (state, [])
    *steps, arn = line.run(*CREATE).out.splitlines()
    assert dry == [*(f"{step} ({suffix})" for step in steps), arn]


def test_dry_run_alone_means_client_and_takes_no_word_after_it(line: CommandLine) -> None:
    line.run("create", "-p", READ_S3.name, "--dry-run", "my-sa")
    assert line.world.account.roles == {}


@pytest.mark.parametrize(("kind", "rehearsed"), [("client", 0), ("server", 1)])
def test_only_the_server_dry_run_asks_the_api_server(line: CommandLine, kind: str, rehearsed: int) -> None:
    line.run(*CREATE, f"--dry-run={kind}")
    assert len(line.world.wire.names("rehearse")) == rehearsed


@pytest.mark.parametrize("before", [nothing, drifted])
def test_a_dry_run_foretells_the_document_of_the_real_run(
    line: CommandLine, before: Callable[[CommandLine], None]
) -> None:
    before(line)
    words = (*CREATE, "-p", READ_SQS.name, "-o", "json", "--tag", "team=a", "--max-session-duration", "2h")
    kinds = ("client", "server", "none")
    documents = [json.loads(line.run(*words, f"--dry-run={kind}").out) for kind in kinds]
    assert tuple(one["status"]["run"].pop("dryRun") for one in documents) == kinds
    assert documents[0] == documents[1] == documents[2]
    real, role = documents[2]["status"], line.world.role
    assert real["role"]["tags"] == role.tags
    assert real["role"]["trustPolicy"] == role.trust
    assert real["serviceAccount"]["annotations"] == line.world.annotations
    assert {one["arn"] for one in real["policies"]["managed"]} == {READ_S3.arn, READ_SQS.arn}


def test_what_a_script_reads_is_alone_on_stdout(line: CommandLine) -> None:
    assert line.run(*CREATE, "-o", "name").out == f"{NAME}\n"
    document = json.loads(line.run(*CREATE, "-o", "json").out)
    assert (document["apiVersion"], document["kind"]) == ("iamsa/v1alpha1", "ServiceAccountRole")
    assert (document["status"]["run"]["changed"], document["status"]["run"]["steps"]) == (False, [])
    assert yaml.safe_load(line.run(*CREATE, "-o", "yaml").out) == document
    assert (document["metadata"]["name"], document["metadata"]["namespace"]) == ("my-sa", "web")


def test_the_steps_of_the_document_are_the_lines_of_the_text(line: CommandLine) -> None:
    run: dict[str, Any] = json.loads(line.run(*CREATE, "-o", "json", "--dry-run").out)["status"]["run"]
    assert [step["sentence"] for step in run["steps"]] == line.run(*CREATE).out.splitlines()[:-1]
    assert run["changed"] is True


class TestDiff:
    def test_shows_what_is_new_and_goes_on(self, line: CommandLine) -> None:
        lines = line.run(*CREATE, "--diff").out.splitlines()
        shown = {
            f"+arn: {ARN}",
            f"+      {HOST}:sub: system:serviceaccount:{SUBJECT.namespace}:{SUBJECT.name}",
            f"+- {READ_S3.arn}",
            f"+  {ANNOTATION_MARKER}: {CLUSTER.arn}/web/my-sa",
        }
        assert shown - set(lines) == set()
        assert lines[-1] == ARN
        assert line.world.role.arn == ARN

    def test_shows_what_changes(self, made: CommandLine) -> None:
        set_trust(made, OF_VAULT)
        dry = made.run(*CREATE, "--diff", "--dry-run").out.splitlines()
        changed = [one for one in dry if one[:1] in "+-" and one[:3] not in ("---", "+++")]
        assert changed == [f"-      {HOST}:aud: vault", f"+      {HOST}:aud: sts.amazonaws.com"]
        assert made.world.role.trust["Statement"] == [OF_VAULT]

    def test_is_empty_without_a_change(self, made: CommandLine) -> None:
        assert made.run(*CREATE, "--diff").out.splitlines() == ["serviceaccount/my-sa unchanged", ARN]

    def test_goes_to_stderr_if_a_document_goes_to_stdout(self, line: CommandLine) -> None:
        done = line.run(*CREATE, "--diff", "-o", "json", "--dry-run")
        assert json.loads(done.out)["status"]["run"]["changed"] is True
        assert f"+arn: {ARN}" in done.err
