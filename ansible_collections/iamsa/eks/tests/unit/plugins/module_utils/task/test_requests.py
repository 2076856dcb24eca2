# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task's options to what is desired."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, InvalidFile, InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import (
    DeleteOverrides,
    DeleteRequest,
    Desired,
)
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import InlinePolicy
from ansible_collections.iamsa.eks.plugins.module_utils.task.arguments import service_account_arguments
from ansible_collections.iamsa.eks.plugins.module_utils.task.requests import read_items

READER = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


def options(**given: Any) -> dict[str, Any]:
    """As Ansible hands them over: every option, those not given with their default."""
    return {name: one.get("default") for name, one in service_account_arguments().items()} | given


def item(**given: Any) -> dict[str, Any]:
    known = service_account_arguments()["service_accounts"]["options"]
    return {**dict.fromkeys(known), **given}


def desired(check_mode: bool = False, **given: Any) -> Desired:
    (asked,) = read_items(options(name="shop", **given), check_mode=check_mode)
    found = asked.in_namespace("default")
    assert isinstance(found, Desired)
    return found


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (False, "false"), (7, "7"), (None, ""), ("No", "No")]
)
def test_the_value_of_a_tag_is_spelled_as_in_yaml(value: Any, text: str) -> None:
    assert desired(tags={"key": value}).role.tags == {"key": text}


def test_an_empty_boundary_is_not_given() -> None:
    assert desired(permissions_boundary="").role.permissions_boundary is None


def test_a_tag_s_key_may_hold_an_equals_sign() -> None:
    assert desired(tags={"a=b": "c"}).role.tags == {"a=b": "c"}


def test_a_mapping_is_an_inline_policy() -> None:
    (policy,) = desired(policies=[{"name": "reader", "document": READER}]).role.policies
    assert policy == InlinePolicy("reader", READER, "reader")


def test_its_document_may_be_json_text() -> None:
    """As a template lookup gives it."""
    text = f"\n{json.dumps(READER, indent=2)}\n"
    (policy,) = desired(policies=[{"name": "reader", "document": text}]).role.policies
    assert policy == InlinePolicy("reader", READER, "reader")


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("", 'policy document "reader" is empty'),
        ("reader.json", 'line 1, column 1 of policy document "reader" is not valid JSON: expecting value'),
        (
            '{"Version": "2012-10-17",\n "Version": 1}',
            'line 2, column 2 of policy document "reader" has the duplicate',
        ),
        ('["x"]', 'policy document "reader" contains a list'),
        ('"text"', 'policy document "reader" contains a string'),
        ("\ud800", 'line 1 of policy document "reader" is not UTF-8'),
        ("\ufeff{}", 'policy document "reader" has no Statement'),
        ([READER], 'policy document "reader" contains a list'),
        ({**READER, "Version": "2012"}, 'policy document "reader" has the invalid Version "2012"'),
        (json.dumps({**READER, "Id": 1}), 'policy document "reader" has a number as Id'),
        ({**READER, "Statement": [{}]}, 'Statement 1 of policy document "reader" has no Effect'),
    ],
)
def test_a_document_that_is_no_policy_is_told_as_what_it_is(document: Any, problem: str) -> None:
    with pytest.raises(InvalidFile) as raised:
        desired(policies=[{"name": "reader", "document": document}])
    assert str(raised.value.problem).startswith(problem)
    assert "file" not in str(raised.value)
    assert raised.value.resource == "reader"


def test_documents_that_are_too_large_together_are_no_files() -> None:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": [f"arn:aws:s3:::{'b' * 60}/*"] * 80}
    large = {"Version": "2012-10-17", "Statement": [statement]}
    given = [{"name": name, "document": large} for name in ("a", "b")]
    with pytest.raises(InvalidFile) as raised:
        desired(policies=given)
    assert str(raised.value.problem).startswith("inline policies a, b have ")


def test_what_is_not_asked_is_left_alone() -> None:
    role = desired().role
    assert (role.path, role.permissions_boundary, role.description) == (None, None, None)
    assert role.max_session_duration is None


def test_state_absent_is_a_removal() -> None:
    (asked,) = read_items(options(name="shop", state="absent", keep_role=True), check_mode=False)
    found = asked.in_namespace("web")
    assert isinstance(found, DeleteRequest)
    assert found.keep_role
    assert found.desired.subject == Subject("web", "shop")


@pytest.mark.parametrize(
    ("check_mode", "create", "assumed"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_only_check_mode_takes_a_namespace_for_granted(check_mode: bool, create: bool, assumed: bool) -> None:
    assert desired(check_mode, create_namespace=create).overrides.assume_namespace == assumed


def test_an_item_s_own_options_win() -> None:
    task = options(
        namespace="web",
        adopt=True,
        service_accounts=[item(name="a"), item(name="b", namespace="other", adopt=False)],
    )
    first, second = read_items(task, check_mode=False)
    assert (first.asked.request.namespace, first.asked.request.adopt) == ("web", True)
    assert (second.asked.request.namespace, second.asked.request.adopt) == ("other", False)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"policies": [{"name": "x"}]},
            "invalid value \"{'name': 'x'}\" for policies: must be a string, or a mapping",
        ),
        (
            {"policies": [{"name": "a/b", "document": READER}]},
            'invalid value "a/b" for policies: must be a valid policy name',
        ),
        ({"policies": [{"name": "x", "document": {}}]}, 'policy document "x" '),
        ({"tags": {"A": 1, "a": 2}}, 'invalid value "a=2" for tags: must not repeat the key "A"'),
        (
            {"tags": {"a": 1}, "remove_tags": ["A"]},
            'invalid value "A" for remove_tags: must not also be set with tags',
        ),
        ({"max_session_duration": "13h"}, 'invalid value "13h" for max_session_duration: must be at'),
        ({"namespace": "Web"}, 'invalid value "Web" for namespace: must be a valid Kubernetes name'),
    ],
)
def test_what_cannot_be_right_is_named(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(IamsaError) as raised:
        desired(**given)
    assert str(raised.value).startswith(sentence)


def test_two_documents_of_one_name_are_refused() -> None:
    other = {**READER, "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}
    twins = [{"name": "x", "document": READER}, {"name": "x", "document": other}]
    with pytest.raises(InvalidValue, match=r'"x" for .*: two different inline policies have this name'):
        desired(policies=twins)


@pytest.mark.parametrize(
    ("option", "override"),
    [
        ("adopt", "adopted_role"),
        ("purge_policies", "policies_of_others"),
        ("rebind", "role_of_earlier_cluster"),
        ("force_conflicts", "annotations_of_others"),
    ],
)
def test_an_option_allows_one_thing_of_a_removal(option: str, override: str) -> None:
    (asked,) = read_items(options(name="shop", state="absent", **{option: True}), check_mode=False)
    found = asked.in_namespace("web")
    assert isinstance(found, DeleteRequest)
    assert found.overrides == DeleteOverrides(**{override: True})
