# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What IAM is asked about many roles at once, and about a role's last use."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.stub import Stubber

from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.client import Iam
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role, RoleUse, SeenRole

ID = "AROAEXAMPLEEXAMPLE12"
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]}
BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ASKED = {"Filter": ["Role"], "MaxItems": 1000}
MORE = {"IsTruncated": True, "Marker": "more"}


def arn(name: str) -> str:
    return f"arn:aws:iam::123456789012:role/iamsa/{name}"


def detail(name: str, **more: Any) -> dict[str, Any]:
    """A role as both calls send it."""
    return {
        "RoleName": name,
        "RoleId": "AROAEXAMPLEEXAMPLE12",
        "CreateDate": datetime(2026, 1, 1, tzinfo=timezone.utc),
        "Path": "/iamsa/",
        "Arn": arn(name),
        "AssumeRolePolicyDocument": json.dumps(TRUST),
        **more,
    }


def test_roles_come_page_by_page_with_their_policies(iam: Iam, iam_stub: Stubber) -> None:
    full = detail(
        "a",
        Tags=[{"Key": "team", "Value": "web"}],
        PermissionsBoundary={"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": BOUNDARY},
        AttachedManagedPolicies=[{"PolicyName": "ReadOnlyAccess", "PolicyArn": POLICY}],
        RolePolicyList=[{"PolicyName": "reader", "PolicyDocument": json.dumps(TRUST)}],
    )
    operation = "get_account_authorization_details"
    iam_stub.add_response(operation, {"RoleDetailList": [full], **MORE}, ASKED)
    iam_stub.add_response(operation, {"RoleDetailList": [detail("b")]}, {**ASKED, "Marker": "more"})
    role = Role(
        "a", "/iamsa/", arn("a"), TRUST, tags={"team": "web"}, permissions_boundary=BOUNDARY, role_id=ID
    )
    assert list(iam.roles.pages()) == [
        (SeenRole(role, {POLICY: "ReadOnlyAccess"}, ("reader",)),),
        (SeenRole(Role("b", "/iamsa/", arn("b"), TRUST, role_id=ID)),),
    ]


def test_a_page_that_is_not_wanted_is_not_asked_for(iam: Iam, iam_stub: Stubber) -> None:
    iam_stub.add_response(
        "get_account_authorization_details", {"RoleDetailList": [detail("a")], **MORE}, ASKED
    )
    (first,) = next(iam.roles.pages())
    assert first.role.name == "a"


def test_an_account_that_may_not_be_read_names_the_action(iam: Iam, iam_stub: Stubber) -> None:
    iam_stub.add_client_error("get_account_authorization_details", "AccessDenied", "no", 403)
    with pytest.raises(Denied) as caught:
        list(iam.roles.pages())
    assert caught.value.action == "iam:GetAccountAuthorizationDetails"


def test_the_number_of_roles(iam: Iam, iam_stub: Stubber) -> None:
    iam_stub.add_response("get_account_summary", {"SummaryMap": {"Roles": 42}}, {})
    assert iam.roles.count() == 42


def test_a_number_that_may_not_be_read_is_not_known(iam: Iam, iam_stub: Stubber) -> None:
    iam_stub.add_client_error("get_account_summary", "AccessDenied", "no", 403)
    assert iam.roles.count() is None


def test_when_a_role_was_last_used(iam: Iam, iam_stub: Stubber) -> None:
    used = {"LastUsedDate": datetime(2026, 11, 24, 10, 5, 7, tzinfo=timezone.utc), "Region": "eu-west-1"}
    iam_stub.add_response("get_role", {"Role": detail("a", RoleLastUsed=used)}, {"RoleName": "a"})
    role = Role("a", "/iamsa/", arn("a"), TRUST, role_id=ID)
    assert iam.roles.read_with_use("a") == (role, RoleUse("2026-11-24T10:05:07+00:00", "eu-west-1"))


@pytest.mark.parametrize("unused", [{}, {"RoleLastUsed": {}}])
def test_a_role_that_was_not_used(iam: Iam, iam_stub: Stubber, unused: dict[str, Any]) -> None:
    iam_stub.add_response("get_role", {"Role": detail("a", **unused)}, {"RoleName": "a"})
    assert iam.roles.read_with_use("a") == (Role("a", "/iamsa/", arn("a"), TRUST, role_id=ID), None)


def test_a_role_that_is_missing(iam: Iam, iam_stub: Stubber) -> None:
    iam_stub.add_client_error("get_role", "NoSuchEntity", "cannot be found", 404)
    assert iam.roles.read_with_use("a") is None
