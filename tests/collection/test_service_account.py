"""`iamsa.eks.iam_serviceaccount` under real Ansible: what it does and tells."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from e2e.shop import S3, SQS, Shop, aws_managed, undated
from pocket_eks.control import Control

Json = dict[str, Any]
Play = Callable[["list[Json]"], "list[Json]"]
Task = Callable[..., Json]
Writes = Callable[[], "list[str]"]
MODULE = "iam_serviceaccount"
READER = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}],
}

pytestmark = [pytest.mark.warm, pytest.mark.usefixtures("cluster_admin")]


@pytest.fixture
def told(shop: Shop, task: Task) -> Callable[..., Json]:
    """`told(**options)`: what the task returns for `shop`."""
    return lambda **options: task(MODULE, name=shop.name, namespace=shop.namespace, **options)


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("state", ["present", "absent"])
def test_check_mode_writes_nothing(told: Callable[..., Json], writes: Writes, state: str) -> None:
    assert told(_check=True, state=state, policies=[SQS])["changed"]
    assert writes() == []


def test_what_is_returned_is_what_is_there(shop: Shop, told: Callable[..., Json]) -> None:
    result = undated(told(policies=[S3, {"name": "reader", "document": READER}], tags={"team": "web"}))
    role = shop.role()
    assert role
    assert result["role_arn"] == role["Arn"]
    spec, status = (result["service_account_role"][part] for part in ("spec", "status"))
    assert spec["policies"] == [aws_managed(S3), {"name": "reader", "document": READER}]
    assert spec["role"]["tags"] == {"team": "web"}
    assert status["role"]["arn"] == role["Arn"]
    assert status["role"]["tags"] == role["Tags"]
    assert status["role"]["trustPolicy"] == role["AssumeRolePolicyDocument"]
    assert status["policies"] == {"managed": [{"name": S3, "arn": aws_managed(S3)}], "inline": ["reader"]}
    assert status["serviceAccount"]["annotations"] == shop.annotations()
    assert status["oidcProvider"]["arn"] == shop.world.provider_arn
    assert shop.inline() == {"reader": READER}


def test_a_document_may_come_from_a_template(shop: Shop, told: Callable[..., Json], tmp_path: Path) -> None:
    (tmp_path / "reader.json.j2").write_text(
        json.dumps(READER).replace("reports", "{{ ['re', 'ports'] | join }}")
    )
    lookup = f"{{{{ lookup('ansible.builtin.template', '{tmp_path}/reader.json.j2') }}}}"
    policies = [{"name": "reader", "document": lookup}]
    assert told(policies=policies)["changed"]
    assert shop.inline() == {"reader": READER}
    assert not told(policies=policies)["changed"]


def test_a_file_is_read_on_the_host_of_the_module(
    shop: Shop, told: Callable[..., Json], tmp_path: Path
) -> None:
    (tmp_path / "reader.json").write_text('{"Version": "2012-10-17", "Statement": []}')
    result = told(policies=[str(tmp_path / "reader.json")], _fails=True)
    assert result["error"]["kind"] == "invalid_file"
    assert shop.role() is None


def test_policies_are_additive(shop: Shop, told: Callable[..., Json]) -> None:
    told(policies=[S3])
    told(policies=[SQS])
    assert shop.attached() == {S3, SQS}


def test_a_namespace_that_is_still_to_be_made_is_a_warning_in_check_mode(
    task: Task, unique: Callable[[str], str]
) -> None:
    namespace = unique("later")
    foretold = task(MODULE, name="shop", namespace=namespace, policies=[S3], _check=True)
    assert [step["kind"] for step in foretold["steps"]] == ["role", "role", "serviceaccount"]
    failed = task(MODULE, name="shop", namespace=namespace, policies=[S3], _fails=True)
    assert failed["msg"] == f"namespace {namespace} does not exist; create it, or add create_namespace: true"


def test_what_is_not_there_is_absent_already(told: Callable[..., Json], writes: Writes) -> None:
    assert not told(state="absent")["changed"]
    assert writes() == []


def test_a_failure_has_its_parts_for_machines(told: Callable[..., Json], writes: Writes) -> None:
    failed = told(policies=["NoSuchPolicy"], _fails=True)
    assert failed["error"] == {
        "kind": "not_found",
        "problem": "there is no managed policy named NoSuchPolicy",
        "remedy": "specify its ARN, or a file for an inline policy",
        "resource": "policy/NoSuchPolicy",
    }
    assert not failed["changed"]
    assert writes() == []


def test_a_failure_in_the_middle_tells_what_was_done(
    shop: Shop, told: Callable[..., Json], control: Control
) -> None:
    control.fault("aws", "iam:AttachRolePolicy", {"error": "LimitExceeded"})
    failed = told(policies=[S3], _fails=True)
    assert failed["changed"]
    assert [step["sentence"] for step in failed["steps"]] == [f"role/{shop.role_name} created"]


WRONG: list[tuple[Json, str]] = [
    (
        {"policies": [5]},
        'invalid value "5" for policies: must be a string, or a mapping with name and document; use a',
    ),
    (
        {"policies": [S3], "policies_absent": [S3]},
        f'invalid value "{S3}" for policies_absent: must not also be in policies;',
    ),
    ({"tags": {"iamsa/x": "y"}}, 'invalid value "iamsa/x=y" for tags: the key must not begin with iamsa/'),
    (
        {"path": "team"},
        'invalid value "team" for path: must begin and end with /; use "/team/"',
    ),
    ({"timeout": "soon"}, 'invalid value "soon" for timeout: must be a duration;'),
    ({"secret_key": "hidden-word"}, 'invalid value "…" for secret_key: requires access_key;'),
]


def test_an_option_that_cannot_be_right_is_named(shop: Shop, play: Play, writes: Writes) -> None:
    results = play([{MODULE: {"name": shop.name, **options}} for options, _ in WRONG])
    for result, (_, sentence) in zip(results, WRONG, strict=True):
        assert result["msg"].startswith(sentence)
        assert result["error"]["kind"] == "invalid_value"
    assert writes() == []
