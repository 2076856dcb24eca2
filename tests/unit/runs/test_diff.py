"""`kubectl iamsa diff` shows what create would change, with the exit codes of kubectl diff."""

from __future__ import annotations

import pytest
from unit.fakes.command_line import CommandLine, Done
from unit.fakes.examples import READ_S3, READ_SQS
from unit.fakes.wire import fails
from unit.runs.shop import ARN, CREATE, NAME, make_role, set_trust
from unit.runs.test_previews import OF_VAULT


def diff(line: CommandLine, *policies: str, code: int = 0, **environ: str) -> Done:
    words = (word for policy in policies for word in ("-p", policy))
    before = line.world.state()
    done = line.run("diff", "my-sa", *words, code=code, **environ)
    assert (line.world.state(), line.world.wire.writes) == (before, [])
    return done


def test_no_change_is_0(made: CommandLine) -> None:
    done = diff(made, READ_S3.name)
    assert (done.out, done.err) == ("", "")


def test_a_missing_role_is_all_new(line: CommandLine) -> None:
    lines = diff(line, READ_S3.name, code=1).out.splitlines()
    assert {f"+arn: {ARN}", f"+- {READ_S3.arn}"} - set(lines) == set()
    assert [one for one in lines if one.startswith("-") and not one.startswith("--- ")] == []


def test_what_create_would_repair_is_shown(made: CommandLine) -> None:
    set_trust(made, OF_VAULT)
    lines = diff(made, READ_S3.name, code=1).out.splitlines()
    changed = [one.split()[-1] for one in lines if one[:1] in "+-" and ":aud:" in one]
    assert changed == ["vault", "sts.amazonaws.com"]
    assert lines[0] == f"--- role/{NAME} trust policy (current)"
    made.run(*CREATE)
    made.world.wire.forget()
    assert diff(made, READ_S3.name).out == ""


def test_what_create_refuses_is_3(line: CommandLine) -> None:
    make_role(line, path="/iamsa/", tags={"Terraform": "true"})
    assert "Terraform" in diff(line, READ_S3.name, code=3).error


def test_a_denied_read_is_3(line: CommandLine) -> None:
    line.world.wire.on("iam:GetRole", fails("AccessDenied", "AWS denied iam:GetRole"), times=9)
    assert "AWS denied iam:GetRole" in diff(line, READ_S3.name, code=3).error


def test_a_usage_error_is_2(line: CommandLine) -> None:
    assert "--policy" in diff(line, code=2).error


@pytest.mark.parametrize(
    ("program", "says"),
    [("no-such-program", '"no-such-program"'), ("diff --no-such-option", "exit code 2")],
)
def test_a_program_that_cannot_show_it_is_3(made: CommandLine, program: str, says: str) -> None:
    done = diff(made, READ_SQS.name, code=3, KUBECTL_EXTERNAL_DIFF=program)
    assert says in done.err.replace("'", '"')
