# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked, checked whoever asks it; a field is called what the asking side calls it."""

from __future__ import annotations

from typing import Any

import pytest
from unit.fakes.examples import document

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import FIELD_MANAGER
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import NewRole, RoleSpec
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import InlinePolicy, PolicyName
from ansible_collections.iamsa.eks.plugins.module_utils.request.check import check
from ansible_collections.iamsa.eks.plugins.module_utils.request.request import Request
from ansible_collections.iamsa.eks.plugins.module_utils.request.twins import refuse_twins
from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Option, Text


def named(field: str) -> str:
    """As a manifest's field may be called."""
    return f"shop.yaml:7: spec.{field}"


def test_what_is_not_asked_is_none() -> None:
    asked = check(Request("shop"), named)
    assert asked.role == RoleSpec()
    assert asked.service_account.field_manager == FIELD_MANAGER
    assert asked.desired("web").create_role


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"name": "Shop"},
            'invalid value "Shop" for shop.yaml:7: spec.name: must be a valid Kubernetes name',
        ),
        (
            {"namespace": "Web"},
            'invalid value "Web" for shop.yaml:7: spec.namespace: must be a valid Kubernetes name',
        ),
        (
            {"max_session_duration": "13h"},
            'invalid value "13h" for shop.yaml:7: spec.max_session_duration: must be at',
        ),
        (
            {"policies": [{"file": "x"}]},
            "invalid value \"{'file': 'x'}\" for shop.yaml:7: spec.policies: must be a string",
        ),
        (
            {"policies": ["A"], "policies_absent": ["A"]},
            'invalid value "A" for shop.yaml:7: spec.policies_absent: '
            "must not also be in shop.yaml:7: spec.policies",
        ),
    ],
)
def test_a_refusal_says_it_in_the_words_of_who_asks(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        check(Request(**{"name": "shop", **given}), named)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"policies": ["A"], "policies_absent": ["A"]}, ["policies_absent", "policies"]),
        ({"tags": [("a", "b")], "remove_tags": ["A"]}, ["remove_tags", "tags"]),
        (
            {"permissions_boundary": "x", "remove_permissions_boundary": True},
            ["permissions_boundary", "remove_permissions_boundary"],
        ),
    ],
)
def test_a_name_may_be_an_option_that_is_spelled_later(given: dict[str, Any], names: list[str]) -> None:
    with pytest.raises(InvalidValue) as refused:
        check(Request("shop", **given), Option)
    assert isinstance(refused.value.problem, Text)
    assert refused.value.problem.options() == [Option(name) for name in names]


def test_its_own_namespace_wins() -> None:
    assert check(Request("shop", "own"), named).desired("web").subject.namespace == "own"
    assert check(Request("shop"), named).desired("web").subject.namespace == "web"


def test_a_document_is_a_policy_beside_names() -> None:
    asked = check(Request("shop", policies=["A", {"name": "reader", "document": document()}]), named)
    assert asked.role.policies == (PolicyName("A"), InlinePolicy("reader", document(), "reader"))


def test_what_a_new_role_is_by_default_is_kept_apart_from_what_is_asked() -> None:
    role = check(Request("shop", path="/asked/"), named, NewRole(path="/default/")).role
    assert (role.path, role.if_new.path) == ("/asked/", "/default/")


@pytest.mark.parametrize(
    ("requests", "sentence"),
    [
        ([Request("a"), Request("a")], 'invalid value "a" for .*spec.service_accounts: must not occur twice'),
        (
            [Request("a", "web"), Request("a", "web")],
            'invalid value "web/a" for .*spec.service_accounts: must not occur twice',
        ),
        (
            [Request("a", role_name="x"), Request("b", role_name="X")],
            'invalid value "x" for .*spec.role_name: must not be used by',
        ),
    ],
)
def test_two_that_are_about_the_same_are_refused(requests: list[Request], sentence: str) -> None:
    with pytest.raises(InvalidValue, match=sentence):
        refuse_twins(requests, named)


def test_one_name_in_two_namespaces_is_two_service_accounts() -> None:
    refuse_twins([Request("a", "web"), Request("a", "jobs")], named)
