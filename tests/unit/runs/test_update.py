"""`kubectl iamsa update` changes what is named, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from unit.fakes.command_line import CommandLine, Done
from unit.fakes.examples import BOUNDARY, READ_S3, READ_SQS, document, our_statement, target
from unit.runs.shop import (
    ARN,
    CREATE,
    NAME,
    add_boundaries,
    annotate,
    make_role,
    make_service_account,
    set_trust,
    trusting_account,
    write_policy,
)

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_ROLE_ARN,
)
from ansible_collections.iamsa.eks.plugins.module_utils.policy.attached_by_us import is_entry

SQS = READ_SQS.name


@pytest.fixture
def rich(line: CommandLine) -> CommandLine:
    """A role with everything that an update could lose."""
    add_boundaries(line)
    line.run(
        *(*CREATE, "-p", write_policy(line), "--permissions-boundary", BOUNDARY, "--tag", "team=web"),
        *("--description", "of the shop", "--max-session-duration", "2h", "--token-expiration", "1h"),
    )
    line.world.account.age_record()
    line.world.wire.forget()
    return line


def update(line: CommandLine, *words: str, code: int = 0) -> Done:
    return line.run("update", "my-sa", *words, code=code)


def attached(line: CommandLine) -> set[str]:
    return set(line.world.account.attached[NAME].values())


def test_a_policy_is_added(rich: CommandLine) -> None:
    assert update(rich, "-p", SQS).out.splitlines()[-1] == ARN
    assert attached(rich) == {READ_S3.name, SQS}


@pytest.mark.parametrize("spelled", [SQS, READ_SQS.arn])
def test_a_managed_policy_is_removed_by_name_or_arn(rich: CommandLine, spelled: str) -> None:
    update(rich, "-p", SQS)
    update(rich, "-a", "delete", "-p", spelled)
    assert attached(rich) == {READ_S3.name}


@pytest.mark.parametrize("spelled", ["./reader.json", "reader", "./gone/reader.json"])
def test_an_inline_policy_is_removed_by_its_file_or_its_name(rich: CommandLine, spelled: str) -> None:
    update(rich, "-a", "delete", "-p", spelled)
    assert (attached(rich), rich.world.account.inline[NAME]) == ({READ_S3.name}, {})


@pytest.mark.parametrize("action", ["add", "delete"])
def test_a_second_update_changes_nothing(rich: CommandLine, action: str) -> None:
    update(rich, "-a", action, "-p", SQS)
    before, written = rich.world.state(), list(rich.world.wire.writes)
    again = update(rich, "-a", action, "-p", SQS)
    assert again.out.splitlines()[0] == "serviceaccount/my-sa unchanged"
    assert (rich.world.state(), rich.world.wire.writes) == (before, written)


def test_a_name_that_the_role_never_had_is_noted(rich: CommandLine) -> None:
    done = update(rich, "-a", "delete", "-p", "ReadSQSS")
    assert done.err == f"note: role {NAME} has no policy ReadSQSS\n"


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        (("--description", "new"), {"description": "new"}),
        (("--max-session-duration", "3h"), {"max_session_duration": 10800}),
        (("-p", SQS), {}),
    ],
)
def test_what_is_not_named_stays(rich: CommandLine, words: tuple[str, ...], changed: dict[str, Any]) -> None:
    role, kubernetes = rich.world.role, rich.world.kubernetes.state()
    inline = dict(rich.world.account.inline[NAME])
    update(rich, *words)
    after = rich.world.role
    tags = {key: value for key, value in after.tags.items() if key in role.tags or not is_entry(key)}
    assert replace(after, tags=tags) == replace(role, **changed)
    assert (rich.world.kubernetes.state(), rich.world.account.inline[NAME]) == (kubernetes, inline)


def test_tags_are_set_and_removed_whatever_their_case(rich: CommandLine) -> None:
    update(rich, "--tag", "cost=7", "--remove-tag", "TEAM")
    assert {key: value for key, value in rich.world.role.tags.items() if "/" not in key} == {"cost": "7"}


def test_a_boundary_is_removed_only_by_its_flag(rich: CommandLine) -> None:
    update(rich, "-p", SQS)
    assert rich.world.role.permissions_boundary == BOUNDARY
    update(rich, "--remove-permissions-boundary")
    assert rich.world.role.permissions_boundary is None
    assert "iamsa/permissions-boundary" not in rich.world.role.tags
    assert "unchanged" in rich.run(*CREATE).out


def test_an_audience_in_use_stays(line: CommandLine) -> None:
    line.run(*CREATE, "--audience", "vault", "--create-oidc-provider")
    trust = line.world.role.trust
    update(line, "-p", SQS)
    assert line.world.role.trust == trust
    assert "vault" in json.dumps(trust)
    assert line.world.annotations[ANNOTATION_AUDIENCE] == "vault"


def test_the_service_account_is_written_too(rich: CommandLine) -> None:
    update(rich, "--token-expiration", "2h")
    assert rich.world.annotations["eks.amazonaws.com/token-expiration"] == "7200"


def of_another_audience(line: CommandLine) -> None:
    set_trust(line, json.loads(json.dumps(our_statement()).replace("sts.amazonaws.com", "vault")))


def without_annotation(line: CommandLine) -> None:
    annotate(line, **{ANNOTATION_ROLE_ARN: None})


@pytest.mark.parametrize("change", [of_another_audience, without_annotation])
def test_drift_is_repaired_on_the_way(rich: CommandLine, change: Callable[[CommandLine], None]) -> None:
    change(rich)
    update(rich, "-p", SQS)
    assert rich.world.role.trust["Statement"] == [our_statement()]
    assert rich.world.annotations[ANNOTATION_ROLE_ARN] == ARN


def test_a_role_under_another_path_is_refused(rich: CommandLine) -> None:
    error = rich.refused("update", "my-sa", "-p", SQS, "--path", "/team/")
    assert "/team/" in error
    assert "/iamsa/" in error


def test_an_unknown_policy_is_refused(rich: CommandLine) -> None:
    assert "NoSuchPolicyAnywhere" in rich.refused("update", "my-sa", "-p", "NoSuchPolicyAnywhere")


def test_a_missing_role_is_not_created(line: CommandLine) -> None:
    assert line.refused("update", "my-sa", "-p", SQS).startswith(f"role {NAME} does not exist; ")


@pytest.mark.parametrize("more", [[], [our_statement()]], ids=["instead of ours", "beside ours"])
def test_forged_tags_never_get_a_policy(line: CommandLine, more: list[Any]) -> None:
    """Somebody makes a role with our tags that trusts their account."""
    arn = make_role(line, path="/iamsa/", trust=[trusting_account(), *more], tags=target().role.tags)
    make_service_account(line, {ANNOTATION_ROLE_ARN: arn})
    assert "Allow sts:AssumeRole" in line.refused("update", "my-sa", "-p", SQS)


def test_a_dry_run_writes_nothing(rich: CommandLine) -> None:
    before = rich.world.state()
    done = update(rich, "-p", SQS, "--remove-tag", "team", "--dry-run", "-o", "json")
    steps = json.loads(done.out)["status"]["run"]["steps"]
    assert [step["verb"] for step in steps] == ["set", "attach", "remove"]
    assert (rich.world.state(), rich.world.wire.writes) == (before, [])


def test_the_inline_policy_that_is_added_is_the_file_s(made: CommandLine) -> None:
    write_policy(made, "writer", "s3:PutObject")
    update(made, "-p", "./writer.json")
    assert made.world.account.inline[NAME] == {"writer": document("s3:PutObject")}
