"""`kubectl iamsa describe`: the chain from a ServiceAccount to its permissions, and what is wrong in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest
import yaml
from unit.fakes.command_line import CommandLine
from unit.fakes.examples import READ_S3, SUBJECT, our_statement
from unit.runs.shop import (
    CREATE,
    NAME,
    make_role,
    make_service_account,
    set_trust,
    trusted_besides,
    trusting_account,
)

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import RoleUse

DESCRIBE = ("describe", "my-sa")
ELSEWHERE = "arn:aws:iam::999999999999:role/theirs"


def tree(line: CommandLine) -> list[str]:
    """The lines of the tree, without its branches."""
    return [one.lstrip("│├└─ ") for one in line.run(*DESCRIBE).out.splitlines()]


def document(line: CommandLine, output: str = "json") -> dict[str, Any]:
    text = line.run(*DESCRIBE, "-o", output).out
    found: dict[str, Any] = json.loads(text) if output == "json" else yaml.safe_load(text)
    return found


@pytest.mark.parametrize("output", ["json", "yaml"])
def test_a_document_has_what_create_says_of_the_same_role(made: CommandLine, output: str) -> None:
    created = json.loads(made.run(*CREATE, "-o", "json").out)
    described = document(made, output)
    for part in ("apiVersion", "kind", "metadata"):
        assert described[part] == created[part]
    assert created["spec"].items() <= described["spec"].items()
    found, known = described["status"], created["status"]
    for part in ("cluster", "owner", "audience", "oidcProvider", "policies", "podIdentityAssociations"):
        assert found[part] == known[part]
    for part in ("role", "serviceAccount"):
        assert known[part].items() <= found[part].items()
    assert (found["state"], found["trust"]["verdict"], found["problems"]) == ("ok", "allowed", [])


def test_nothing_is_written(made: CommandLine) -> None:
    made.run(*DESCRIBE)
    assert made.world.wire.writes == []


def test_trust_statements_are_ours_or_unmanaged(made: CommandLine) -> None:
    trusted_besides(made)
    marks = [one.partition(":")[0] for one in tree(made) if one.startswith(("ours:", "unmanaged:"))]
    assert marks == ["ours", "unmanaged"]


def test_a_role_of_another_tool_names_its_owner(line: CommandLine) -> None:
    arn = make_role(line, READ_S3, trust=[our_statement()], tags={"terraform": "yes"})
    make_service_account(line, {ANNOTATION_ROLE_ARN: arn})
    (owner,) = [one for one in tree(line) if one.startswith("owner: ")]
    assert "Terraform" in owner


def test_a_role_of_another_account_is_not_read(line: CommandLine) -> None:
    make_service_account(line, {ANNOTATION_ROLE_ARN: ELSEWHERE})
    assert f"Role {ELSEWHERE}" in tree(line)
    assert line.world.wire.names("iam:GetRole") == []


def test_neither_service_account_nor_role_is_an_error(line: CommandLine) -> None:
    assert line.refused(*DESCRIBE).startswith(f"serviceaccount {SUBJECT} does not exist; ")


def test_a_condition_that_no_token_meets_is_named(made: CommandLine) -> None:
    statement = our_statement()
    set_trust(
        made,
        {**statement, "Condition": {**statement["Condition"], "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
    )
    assert [one for one in tree(made) if "conditions on aws:SourceIp" in one]


def test_control_characters_are_escaped(line: CommandLine) -> None:
    make_service_account(line, {ANNOTATION_ROLE_ARN: "\x1b[31mred\nnext"})
    assert f"├─ {ANNOTATION_ROLE_ARN}: \\x1b[31mred\\nnext" in line.run(*DESCRIBE).out.splitlines()


def test_what_is_broken_is_marked_and_without_color_in_a_pipe(made: CommandLine) -> None:
    set_trust(made, trusting_account())
    assert [one for one in tree(made) if one.startswith("✗ broken: the trust policy")]
    assert "\x1b" not in made.run(*DESCRIBE).out


def test_a_role_without_policies_is_described(made: CommandLine) -> None:
    made.world.account.attached[NAME].clear()
    assert [problem["link"] for problem in document(made)["status"]["problems"]] == ["policies"]


class TestLastUsed:
    """AWS tracks the last use for 400 days."""

    AT = "2026-01-02T03:04:05+00:00"

    def use(self, made: CommandLine, created: datetime | None, use: RoleUse | None = None) -> str:
        roles = made.world.account.roles
        roles[NAME] = replace(roles[NAME], created=created.isoformat() if created else "")
        if use:
            made.world.account.uses[NAME] = use
        (last,) = [one for one in tree(made) if one.startswith("last used: ")]
        return last.removeprefix("last used: ")

    def test_a_role_that_is_new_was_never_used(self, made: CommandLine) -> None:
        now = datetime.now(timezone.utc)
        assert self.use(made, now) == f"never (created {now.isoformat()})"

    def test_an_old_role_may_have_been_used_before(self, made: CommandLine) -> None:
        assert self.use(made, datetime(2020, 1, 1, tzinfo=timezone.utc)) == "not in the last 400 days"

    @pytest.mark.parametrize(("region", "words"), [("eu-west-1", f"{AT} in eu-west-1"), ("", AT)])
    def test_a_use_without_a_region_names_none(self, made: CommandLine, region: str, words: str) -> None:
        assert self.use(made, None, RoleUse(self.AT, region)) == words

    def test_an_unknown_age_is_an_old_one(self, made: CommandLine) -> None:
        assert self.use(made, None) == "not in the last 400 days"


def test_a_healthy_chain_says_so_in_the_last_line(made: CommandLine) -> None:
    assert tree(made)[-1] == "No problems found"
    set_trust(made, trusting_account())
    assert "No problems found" not in tree(made)


def test_a_role_that_was_not_read_is_not_called_healthy(line: CommandLine) -> None:
    make_service_account(line, {ANNOTATION_ROLE_ARN: ELSEWHERE})
    assert "No problems found" not in tree(line)


def test_the_tags_of_iamsa_are_shown_with_v(made: CommandLine) -> None:
    assert "tags: only those of iamsa (-v shows them)" in tree(made)
    assert "iamsa/manager: " not in made.run(*DESCRIBE).out
    assert "iamsa/manager: " in made.run(*DESCRIBE, "-v").out


def test_the_tags_of_others_are_always_shown(made: CommandLine) -> None:
    roles = made.world.account.roles
    roles[NAME] = replace(roles[NAME], tags={**roles[NAME].tags, "team": "a"})
    assert "team: a" in tree(made)
    assert not [one for one in tree(made) if one.startswith("iamsa/manager: ")]
