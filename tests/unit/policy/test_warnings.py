# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Warnings about policy documents that are valid, but probably do not mean what their author thinks."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import InlinePolicy, ManagedPolicy
from ansible_collections.iamsa.eks.plugins.module_utils.policy.warnings import policy_warnings

STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}
VERSION = {"Version": "2012-10-17"}


def warnings(source: str = "reader.json", **document: Any) -> tuple[str, ...]:
    return policy_warnings([InlinePolicy("reader", document, source)])


def of(**elements: Any) -> tuple[str, ...]:
    """The warnings about a policy whose statement has these elements."""
    return warnings(**VERSION, Statement=[{**STATEMENT, **elements}])


def test_a_narrow_policy_has_none() -> None:
    assert of() == ()


def test_a_managed_policy_has_none() -> None:
    policy = ManagedPolicy("AdministratorAccess", "arn:aws:iam::aws:policy/AdministratorAccess")
    assert policy_warnings([policy]) == ()


def test_a_name_that_aws_and_the_account_have_shows_both_arns() -> None:
    aws, own = "arn:aws:iam::aws:policy/Reader", "arn:aws:iam::123456789012:policy/Reader"
    (warning,) = policy_warnings([ManagedPolicy("Reader", aws, own)])
    assert warning == f"policy Reader is {aws}; for the policy of this account, use {own}"


@pytest.mark.parametrize(
    ("source", "words"), [("team/reader.json", 'file "team/reader.json"'), ("reader", 'document "reader"')]
)
def test_a_warning_names_the_file_or_the_document(source: str, words: str) -> None:
    (warning,) = warnings(source, Statement=[STATEMENT])
    assert warning.startswith(f"policy {words} has no Version, so IAM uses 2008-10-17")


@pytest.mark.parametrize(
    "elements",
    [
        pytest.param({"Resource": "arn:aws:s3:::${bucket}/*"}, id="resource"),
        pytest.param({"Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::${bucket}/*"]}, id="list"),
        pytest.param({"Condition": {"StringEquals": {"aws:PrincipalTag/a": "${bucket}"}}}, id="condition"),
    ],
)
def test_a_name_without_a_colon_is_no_policy_variable(elements: dict[str, Any]) -> None:
    (warning,) = of(**elements)
    assert 'contains "${bucket}", which is not a policy variable' in warning


def test_a_name_that_occurs_twice_has_one_warning() -> None:
    assert len(of(Resource=["arn:aws:s3:::${bucket}", "arn:aws:s3:::${bucket}/*"])) == 1


@pytest.mark.parametrize("variable", ["${aws:username}", "${*}", "${?}", "${$}", "${aws:userid, 'x'}"])
def test_policy_variables_and_escaped_characters_have_none(variable: str) -> None:
    assert of(Resource=f"arn:aws:s3:::bucket/{variable}") == ()


@pytest.mark.parametrize("action", ["*", "*:*", ["s3:Get*", "*"]])
@pytest.mark.parametrize("resource", ["*", ["arn:aws:s3:::a", "*"]])
def test_everything_on_everything_has_one(action: Any, resource: Any) -> None:
    (warning,) = of(Action=action, Resource=resource)
    assert "allows all actions on all resources" in warning


@pytest.mark.parametrize(
    "elements",
    [
        pytest.param({"Action": "s3:*", "Resource": "*"}, id="one-service"),
        pytest.param({"Action": "*"}, id="some-resources"),
        pytest.param({"Effect": "Deny", "Action": "*", "Resource": "*"}, id="deny"),
        pytest.param(
            {"Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
            id="condition",
        ),
    ],
)
def test_less_than_everything_has_none(elements: dict[str, Any]) -> None:
    assert of(**elements) == ()
