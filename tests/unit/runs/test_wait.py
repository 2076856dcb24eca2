"""`verify --wait` and `create --wait`: until AWS accepts a token for the role."""

from __future__ import annotations

import json

import pytest
from unit.fakes.command_line import CommandLine
from unit.fakes.examples import SUBJECT
from unit.runs.shop import ARN, CREATE, annotate

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Refusal

ASSUME = "sts:AssumeRoleWithWebIdentity"
VERIFY = ("verify", "my-sa")


def denied(line: CommandLine, times: int) -> None:
    """STS refuses the next so many tokens."""
    line.world.sts.refusals = [Refusal("AccessDenied", "Not authorized")] * times


def attempts(line: CommandLine) -> int:
    return len(line.world.wire.names(ASSUME))


class TestVerify:
    def test_is_tried_once_without_it(self, made: CommandLine) -> None:
        denied(made, 1)
        assert "(AccessDenied)" in made.run(*VERIFY, code=1).out
        assert attempts(made) == 1

    def test_is_tried_until_aws_accepts(self, made: CommandLine) -> None:
        denied(made, 3)
        found = json.loads(made.run(*VERIFY, "--wait", "-o", "json").out)["status"]["verification"]
        assert (found["verdict"], found["attempts"], attempts(made)) == ("yes", 4, 4)

    def test_ends_in_time_with_the_last_reason(self, made: CommandLine) -> None:
        denied(made, 99)
        assert "(AccessDenied)" in made.run(*VERIFY, "--wait=5s", code=1).out
        assert 1 < attempts(made) < 15

    @pytest.mark.parametrize("annotation", [None, "my-role"])
    def test_does_not_wait_for_what_never_changes(self, made: CommandLine, annotation: str | None) -> None:
        annotate(made, **{ANNOTATION_ROLE_ARN: annotation})
        made.run(*VERIFY, "--wait=60s", code=1)
        assert len(made.world.wire.names("get serviceaccount")) == 1
        assert attempts(made) == 0

    def test_does_not_wait_for_a_missing_service_account(self, line: CommandLine) -> None:
        line.run(*VERIFY, "--wait=60s", code=1)
        assert len(line.world.wire.names("get serviceaccount")) == 1


class TestCreate:
    def test_ends_when_the_role_can_be_assumed(self, line: CommandLine) -> None:
        denied(line, 3)
        done = line.run(*CREATE, "--wait")
        assert (done.out.splitlines()[-1], done.err) == (ARN, "")
        assert attempts(line) == 4

    def test_verifies_after_the_last_write_and_reads_the_cluster_once(self, line: CommandLine) -> None:
        line.run(*CREATE, "--wait=30s")
        calls = line.world.wire.calls
        last = max(place for place, call in enumerate(calls) if call.write)
        assert [call.name for call in calls].index(ASSUME) > last
        assert line.world.wire.names("eks:DescribeCluster") == ["eks:DescribeCluster"]

    def test_fails_in_vain_with_everything_done(self, line: CommandLine) -> None:
        denied(line, 99)
        done = line.run(*CREATE, "--wait=2s", code=1)
        assert done.out.splitlines()[-1] == ARN
        (error,) = done.err.splitlines()
        assert error.startswith(f"error: serviceaccount {SUBJECT} cannot assume {ARN}: ")
        assert error.endswith("run: kubectl iamsa doctor my-sa -n web")
        denied(line, 0)
        assert "unchanged" in line.run(*CREATE, "--wait").out

    @pytest.mark.parametrize(
        ("words", "refusals", "verdict"),
        [
            ((), 0, None),
            (("--wait",), 0, "yes"),
            (("--wait", "--dry-run"), 0, None),
            (("--wait=1s",), 99, "no"),
        ],
    )
    def test_says_in_its_document_whether_it_was_verified(
        self, line: CommandLine, words: tuple[str, ...], refusals: int, verdict: str | None
    ) -> None:
        denied(line, refusals)
        status = json.loads(line.run(*CREATE, "-o", "json", *words, code=int(verdict == "no")).out)["status"]
        assert status.get("verification", {}).get("verdict") == verdict

    def test_verifies_nothing_in_a_dry_run(self, line: CommandLine) -> None:
        line.run(*CREATE, "--wait", "--dry-run=server")
        assert attempts(line) == 0


def test_an_update_waits_too(made: CommandLine) -> None:
    made.run("update", "my-sa", *CREATE[2:], "--wait")
    assert (attempts(made), made.world.wire.writes) == (1, [])
