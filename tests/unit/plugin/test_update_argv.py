"""What argv of update, delete and diff asks for, and which words contradict each other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kubectl_iamsa.argv.reader import parse
from kubectl_iamsa.requests.service_account import reading_request, update_request
from kubectl_iamsa.verb_tree import build_parser

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidFile
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import (
    NO_BOUNDARY,
    DeleteOverrides,
    DeleteRequest,
    Overrides,
    RoleSpec,
)
from ansible_collections.iamsa.eks.plugins.module_utils.policy.files import read_absent
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import (
    InlineName,
    InlinePolicy,
    PolicyArn,
    PolicyName,
)
from ansible_collections.iamsa.eks.plugins.module_utils.request.check import CheckedRequest

BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}


def update(line: str) -> CheckedRequest:
    return update_request(parse(build_parser(), ["update", "app", *line.split()])[1], {})


def delete(line: str) -> DeleteRequest:
    asked = reading_request(parse(build_parser(), ["delete", "app", *line.split()])[1])
    return asked.deletion("web")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with the policy file reader.json."""
    (tmp_path / "reader.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


CONTRADICTIONS = [
    (
        f"update app --permissions-boundary {BOUNDARY} --remove-permissions-boundary",
        f'invalid value "{BOUNDARY}" for --permissions-boundary: cannot be combined with'
        " --remove-permissions-boundary; omit one of them",
    ),
    (
        "update app --tag team=web --remove-tag team",
        'invalid value "team" for --remove-tag: must not also be set with --tag; omit one of them',
    ),
    (
        "update app --remove-tag cost --remove-tag TEAM --tag Team=web",
        'invalid value "TEAM" for --remove-tag: must not also be set with --tag; omit one of them',
    ),
    ("update app -a delete", 'invalid value "delete" for --action: requires a policy; add -p POLICY'),
    (
        "update app --tag cost=7 -a delete",
        'invalid value "delete" for --action: requires a policy; add -p POLICY',
    ),
]


@pytest.mark.parametrize(("line", "sentence"), CONTRADICTIONS)
def test_what_contradicts_itself_is_refused_from_argv_alone(
    iamsa: Callable[..., Any], line: str, sentence: str
) -> None:
    done = iamsa(*line.split())
    assert (done.code, done.error) == (2, sentence)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("update", 'update requires a NAME; see "kubectl iamsa update --help"'),
        ("update app -p", 'flag -p requires a value; see "kubectl iamsa update --help"'),
        ("delete", 'delete requires a NAME, or -f FILE; see "kubectl iamsa delete --help"'),
        ("delete app -p x", 'unknown flag -p; see "kubectl iamsa delete --help"'),
        (
            "delete app --yes=maybe",
            'invalid value "maybe" for --yes: must be true or false; use --yes or --yes=false',
        ),
        ("diff app", 'diff requires at least one --policy, or -f FILE; see "kubectl iamsa diff --help"'),
        ("diff app -p x -o json", 'unknown flag -o; see "kubectl iamsa diff --help"'),
        ("diff app -p x --dry-run", 'unknown flag --dry-run; see "kubectl iamsa diff --help"'),
    ],
)
def test_a_verb_takes_only_what_means_something_for_it(
    iamsa: Callable[..., Any], line: str, sentence: str
) -> None:
    done = iamsa(*line.split())
    assert (done.code, done.error) == (2, sentence)


@pytest.mark.parametrize("flag", ["--purge", "--create-namespace"])
def test_an_update_neither_makes_nor_clears(iamsa: Callable[..., Any], flag: str) -> None:
    done = iamsa("update", "app", "-p", "x", flag)
    assert done.code == 2
    assert done.error.startswith(f"unknown flag {flag}; ")


@pytest.mark.parametrize("action", ["remove", "a", "Delete", ""])
def test_an_action_is_one_of_two_words(iamsa: Callable[..., Any], action: str) -> None:
    done = iamsa("update", "app", "-p", "x", f"--action={action}")
    assert done.code == 2
    assert "add" in done.error
    assert "delete" in done.error


@pytest.mark.parametrize("key", ["", " ", "aws:x", "iamsa/manager", "a;b", "x" * 129])
def test_a_tag_that_may_not_be_removed_is_refused(iamsa: Callable[..., Any], key: str) -> None:
    done = iamsa("update", "app", f"--remove-tag={key}")
    assert done.code == 2
    assert done.error.startswith(f'invalid value "{key[:80]}')
    assert " for --remove-tag: " in done.error


def test_an_update_asks_only_for_what_is_named() -> None:
    asked = update("--max-session-duration 2h")
    assert asked.role == RoleSpec(max_session_duration=7200)
    assert asked.desired("web").overrides == Overrides()


def test_an_update_makes_no_role() -> None:
    assert update("").desired("web").create_role is False


def test_an_audience_that_is_named_is_asked_for() -> None:
    assert update("--audience vault").role.audience == "vault"


@pytest.mark.parametrize("line", ["", "-a add", "--action=add"])
def test_policies_are_added_unless_said_otherwise(folder: Path, line: str) -> None:  # noqa: ARG001
    role = update(f"-p ReadOnlyAccess -p {BOUNDARY} -p ./reader.json {line}").role
    assert [type(policy) for policy in role.policies] == [PolicyName, PolicyArn, InlinePolicy]
    assert role.absent == ()


@pytest.mark.parametrize("line", ["-a delete", "--action=delete", "-adelete"])
def test_policies_are_deleted_when_asked(folder: Path, line: str) -> None:  # noqa: ARG001
    role = update(f"-p ReadOnlyAccess -p {BOUNDARY} -p ./reader.json -p gone.json {line}").role
    assert [type(policy) for policy in role.absent] == [PolicyName, PolicyArn, InlinePolicy, InlineName]
    assert role.policies == ()


def test_tags_and_boundary_go_by_flags_of_their_own() -> None:
    role = update("--remove-tag team --remove-tag cost --remove-permissions-boundary --tag owner=me").role
    assert (role.tags, role.removed_tags) == ({"owner": "me"}, ("team", "cost"))
    assert role.permissions_boundary == NO_BOUNDARY


def test_a_delete_keeps_nothing_and_consents_to_nothing_unasked() -> None:
    asked = delete("")
    assert (asked.keep_role, asked.keep_service_account) == (False, False)
    assert asked.overrides == DeleteOverrides()


@pytest.mark.parametrize(
    ("flag", "override"),
    [
        ("--adopt", "adopted_role"),
        ("--purge", "policies_of_others"),
        ("--rebind", "role_of_earlier_cluster"),
        ("--force-conflicts", "annotations_of_others"),
    ],
)
def test_a_flag_of_delete_allows_one_thing(flag: str, override: str) -> None:
    assert delete(flag).overrides == DeleteOverrides(**{override: True})


@pytest.mark.parametrize("flag", ["keep_role", "keep_service_account"])
def test_what_is_to_be_kept_is_only_that(flag: str) -> None:
    kept = delete("--" + flag.replace("_", "-"))
    assert {name for name in ("keep_role", "keep_service_account") if getattr(kept, name)} == {flag}


def test_a_delete_may_name_the_role_and_the_manager() -> None:
    wanted = delete("--role-name mine --role-name-style gen3 --field-manager me").desired
    assert (wanted.role.name, wanted.role.name_style) == ("mine", "gen3")
    assert wanted.service_account.field_manager == "me"


class TestPoliciesThatAreToBeGone:
    def test_a_file_that_is_there_is_read(self, folder: Path) -> None:
        (found,) = read_absent(["reader.json"])
        assert found == InlinePolicy("reader", DOCUMENT, "reader.json")
        assert folder.joinpath("reader.json").exists()

    @pytest.mark.parametrize("value", ["gone.json", "./gone.json", "file://gone.json", "old/gone.json"])
    def test_a_file_that_is_gone_still_has_its_name(self, folder: Path, value: str) -> None:
        assert not folder.joinpath("gone.json").exists()
        assert read_absent([value]) == (InlineName("gone"),)

    def test_a_file_that_is_no_policy_is_refused(self, folder: Path) -> None:
        folder.joinpath("reader.json").write_text("{}", encoding="utf-8")
        with pytest.raises(InvalidFile, match=r"reader\.json"):
            read_absent(["reader.json"])

    def test_a_link_that_leads_nowhere_is_refused(self, folder: Path) -> None:
        folder.joinpath("dangling.json").symlink_to("nowhere.json")
        with pytest.raises(InvalidFile, match=r'dangling\.json" does not exist'):
            read_absent(["dangling.json"])

    def test_what_is_named_twice_counts_once(self, folder: Path) -> None:  # noqa: ARG002
        assert len(read_absent(["A", "A", "gone.json", "./gone.json"])) == 2
