# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module returns of what was done, of what would be done, and of a failure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.documents.outcome import (
    delete_document,
    outcome_document,
)
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, InvalidValue, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.identity.account import RoleHome
from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import ClusterRef
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ClusterFacts
from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import DeleteResult, Outcome
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Provider, Role
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.role import CreateRole
from ansible_collections.iamsa.eks.plugins.module_utils.task.difference import difference
from ansible_collections.iamsa.eks.plugins.module_utils.task.failures import error_result
from ansible_collections.iamsa.eks.plugins.module_utils.task.results import (
    absent_result,
    delete_result,
    outcome_result,
)
from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Option

ROLE_ARN = "arn:aws:iam::123456789012:role/iamsa/shop"
S3_ARN = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}
CREATED = CreateRole(Role("shop", "/iamsa/", ROLE_ARN, TRUST))
CREATED_RESULT = {
    "verb": "create",
    "kind": "role",
    "name": "shop",
    "part": "",
    "sentence": "role/shop created",
}
CLUSTER = "arn:aws:eks:us-east-1:123456789012:cluster/demo"


@pytest.fixture
def cluster() -> ClusterFacts:
    """A cluster whose OIDC provider lists one audience."""
    home = RoleHome("aws", "123456789012")
    cluster = ClusterRef("https://issuer.example", CLUSTER, "us-east-1")
    return ClusterFacts(cluster, home, Provider(home.provider_arn(cluster.issuer), ("sts.amazonaws.com",)))


@pytest.fixture
def outcome(cluster: ClusterFacts) -> Outcome:
    """A role of the ServiceAccount web/shop with one policy of each kind; nothing was to do."""
    return Outcome(
        facts=cluster,
        subject=Subject("web", "shop"),
        role=Role("shop", "/iamsa/", ROLE_ARN, TRUST, {"CostCenter": "42"}),
        attached={S3_ARN: "AmazonS3ReadOnlyAccess"},
        inline={"reader": None},
        annotations={"eks.amazonaws.com/role-arn": ROLE_ARN, "example.org/owner": "me"},
        steps=(),
        via="irsa",
        audience="sts.amazonaws.com",
        binding={},
    )


@pytest.fixture
def removed(cluster: ClusterFacts) -> DeleteResult:
    """A delete of the same that had nothing to do."""
    return DeleteResult(cluster, Subject("web", "shop"), "shop", ROLE_ARN, (), "irsa")


def test_presence_is_told_by_the_arn_and_the_document(outcome: Outcome) -> None:
    result = outcome_result(outcome, "none")
    document = result.pop("service_account_role")
    assert document == outcome_document(outcome, "none")
    assert result == {
        "changed": False,
        "service_account": {"name": "shop", "namespace": "web"},
        "role_arn": ROLE_ARN,
        "steps": [],
        "restarts": [],
    }


def test_absence_is_told_by_the_arn_and_the_document(removed: DeleteResult) -> None:
    result = delete_result(removed, "none")
    document = result.pop("service_account_role")
    assert document == delete_document(removed, "none")
    assert result == {
        "changed": False,
        "service_account": {"name": "shop", "namespace": "web"},
        "role_arn": ROLE_ARN,
        "steps": [],
    }


def test_check_mode_is_in_the_document(outcome: Outcome, removed: DeleteResult) -> None:
    for result in (outcome_result(outcome, "client"), delete_result(removed, "client")):
        assert result["service_account_role"]["status"]["run"]["dryRun"] == "client"


def test_notices_are_told_in_the_words_of_options(outcome: Outcome) -> None:
    notice: Any = "give " + Option("adopt")
    told = outcome_result(replace(outcome, notices=(notice,)), "none")
    assert told["service_account_role"]["status"]["run"]["notices"] == ["give adopt: true"]


def test_a_step_is_a_change(outcome: Outcome, removed: DeleteResult) -> None:
    present = outcome_result(replace(outcome, steps=(CREATED,)), "none")
    absent = delete_result(replace(removed, steps=(CREATED,)), "none")
    for result in (present, absent):
        assert (result["changed"], result["steps"]) == (True, [CREATED_RESULT])


def test_what_was_not_there_is_absent_without_a_change() -> None:
    assert absent_result("shop", "web") == {
        "changed": False,
        "service_account": {"name": "shop", "namespace": "web"},
        "role_arn": None,
        "service_account_role": None,
        "steps": [],
    }


def test_a_failure_before_the_first_write_is_no_change() -> None:
    name = Option("role_name")
    remedy = "give a " + name + " without, or " + Option("adopt")
    error = InvalidValue(name, "a/b", "has a slash", remedy=remedy)
    assert error_result(error) == {
        "msg": 'invalid value "a/b" for role_name: has a slash; give a role_name without, or adopt: true',
        "error": {
            "kind": "invalid_value",
            "problem": 'invalid value "a/b" for role_name: has a slash',
            "remedy": "give a role_name without, or adopt: true",
            "resource": "role_name",
        },
        "changed": False,
        "steps": [],
    }


def test_a_failure_after_a_write_tells_what_was_done() -> None:
    failed = error_result(Denied("AWS denied it", action="iam:AttachRolePolicy"), [CREATED])
    assert (failed["changed"], failed["steps"]) == (True, [CREATED_RESULT])


@pytest.mark.parametrize("uncertain", [True, False])
def test_a_write_without_an_answer_may_have_been_a_change(uncertain: bool) -> None:
    assert error_result(RemoteError("no answer", uncertain=uncertain))["changed"] == uncertain


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ({"role/a": None}, {"role/a": {"tags": {}}}, [("role/a", "", {"tags": {}})]),
        ({"role/a": {"tags": {}}}, {"role/a": None}, [("role/a", {"tags": {}}, "")]),
        ({"role/a": {"tags": {}}}, {"role/a": {"tags": {}}}, []),
        ({}, {"role/a": "x"}, [("role/a", "", "x")]),
        ({"role/a": 1, "role/b": 2}, {"role/a": 1, "role/b": 3}, [("role/b", 2, 3)]),
    ],
)
def test_only_what_differs_is_in_the_difference(
    before: dict[str, object], after: dict[str, object], shown: list[tuple[str, object, object]]
) -> None:
    assert difference(before, after) == [
        {"before_header": title, "after_header": title, "before": old, "after": new}
        for title, old, new in shown
    ]
