# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What IAM is asked, and what its answers become."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.stub import Stubber

from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.client import Iam
from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.roles import role_of
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Provider, Role
from ansible_collections.iamsa.eks.plugins.module_utils.policy.limits import Quotas
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy

TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Sid": "ä b"}]}
MINIFIED = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Sid":"ä b"}]}'
BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
PROVIDER = "arn:aws:iam::123456789012:oidc-provider/oidc.example/id/A"
ROLE = Role(
    name="app",
    path="/iamsa/",
    arn="arn:aws:iam::123456789012:role/iamsa/app",
    trust=TRUST,
    tags={"team": "web", "iamsa/manager": "iamsa"},
    permissions_boundary=BOUNDARY,
    description="reads",
    max_session_duration=7200,
    role_id="AROAEXAMPLEEXAMPLE12",
)

Read = Callable[[Iam], Any]


def answer(**more: Any) -> dict[str, Any]:
    """A role as IAM sends it; botocore decodes the document in place."""
    return {
        "RoleName": "app",
        "RoleId": "AROAEXAMPLEEXAMPLE12",
        "CreateDate": datetime(2026, 1, 1, tzinfo=timezone.utc),
        "Path": "/iamsa/",
        "Arn": ROLE.arn,
        "AssumeRolePolicyDocument": json.dumps(TRUST),
        **more,
    }


def done(operation: str) -> dict[str, Any]:
    return {"Role": answer()} if operation == "create_role" else {}


def test_a_role_with_everything(iam: Iam, iam_stub: Stubber) -> None:
    full = answer(
        Tags=[{"Key": key, "Value": value} for key, value in ROLE.tags.items()],
        PermissionsBoundary={"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": BOUNDARY},
        Description="reads",
        MaxSessionDuration=7200,
    )
    iam_stub.add_response("get_role", {"Role": full}, {"RoleName": "app"})
    assert iam.roles.read("app") == ROLE


def test_a_role_with_nothing_but_its_name(iam: Iam, iam_stub: Stubber) -> None:
    iam_stub.add_response("get_role", {"Role": answer()}, {"RoleName": "app"})
    assert iam.roles.read("app") == Role("app", "/iamsa/", ROLE.arn, TRUST, role_id=ROLE.role_id)


def test_a_role_of_a_template_names_it() -> None:
    # Not by way of the stubber: botocore knows this member since 1.43.70 only.
    template = {"TemplateArn": "arn:aws:iam::aws:role-template/x", "TemplateMinorVersion": 1}
    found = role_of({**answer(), "AssumeRolePolicyDocument": TRUST, "SourceRoleTemplate": template})
    assert found.source_template == "arn:aws:iam::aws:role-template/x"


def test_attached_policies_come_from_every_page(iam: Iam, iam_stub: Stubber) -> None:
    first = {"PolicyName": "a", "PolicyArn": f"{BOUNDARY}/a"}
    second = {"PolicyName": "b", "PolicyArn": f"{BOUNDARY}/b"}
    iam_stub.add_response(
        "list_attached_role_policies",
        {"AttachedPolicies": [first], "IsTruncated": True, "Marker": "more"},
        {"RoleName": "app"},
    )
    iam_stub.add_response(
        "list_attached_role_policies", {"AttachedPolicies": [second]}, {"RoleName": "app", "Marker": "more"}
    )
    assert iam.policies.attached("app") == {f"{BOUNDARY}/a": "a", f"{BOUNDARY}/b": "b"}


def test_inline_names_come_from_every_page(iam: Iam, iam_stub: Stubber) -> None:
    iam_stub.add_response(
        "list_role_policies",
        {"PolicyNames": ["a"], "IsTruncated": True, "Marker": "more"},
        {"RoleName": "app"},
    )
    iam_stub.add_response("list_role_policies", {"PolicyNames": ["b"]}, {"RoleName": "app", "Marker": "more"})
    assert iam.policies.inline_names("app") == ("a", "b")


def test_instance_profiles_come_from_every_page(iam: Iam, iam_stub: Stubber) -> None:
    def page(name: str) -> dict[str, Any]:
        profile = {
            "InstanceProfileName": name,
            "InstanceProfileId": "AIPAEXAMPLEEXAMPLE12",
            "Arn": f"arn:aws:iam::123456789012:instance-profile/{name}",
            "CreateDate": datetime(2026, 1, 1, tzinfo=timezone.utc),
            "Path": "/",
            "Roles": [],
        }
        return {"InstanceProfiles": [profile]}

    operation = "list_instance_profiles_for_role"
    iam_stub.add_response(operation, {**page("a"), "IsTruncated": True, "Marker": "m"}, {"RoleName": "app"})
    iam_stub.add_response(operation, page("b"), {"RoleName": "app", "Marker": "m"})
    assert iam.roles.instance_profiles("app") == ("a", "b")


def test_an_inline_policy(iam: Iam, iam_stub: Stubber) -> None:
    found = {"RoleName": "app", "PolicyName": "reader", "PolicyDocument": json.dumps(TRUST)}
    iam_stub.add_response("get_role_policy", found, {"RoleName": "app", "PolicyName": "reader"})
    assert iam.policies.inline("app", "reader") == TRUST


def test_a_provider(iam: Iam, iam_stub: Stubber) -> None:
    iam_stub.add_response(
        "get_open_id_connect_provider", {"ClientIDList": ["a", "b"]}, {"OpenIDConnectProviderArn": PROVIDER}
    )
    assert iam.providers.read(PROVIDER) == Provider(PROVIDER, ("a", "b"))


def test_a_provider_without_audiences(iam: Iam, iam_stub: Stubber) -> None:
    iam_stub.add_response("get_open_id_connect_provider", {}, {"OpenIDConnectProviderArn": PROVIDER})
    assert iam.providers.read(PROVIDER) == Provider(PROVIDER, ())


def test_a_provider_with_tags(iam: Iam, iam_stub: Stubber) -> None:
    iam_stub.add_response("get_open_id_connect_provider", {"Tags": [{"Key": "team", "Value": "web"}]})
    assert iam.providers.read(PROVIDER) == Provider(PROVIDER, (), {"team": "web"})


def test_a_policy(iam: Iam, iam_stub: Stubber) -> None:
    found = {"Policy": {"PolicyName": "ReadOnlyAccess", "Arn": POLICY}}
    iam_stub.add_response("get_policy", found, {"PolicyArn": POLICY})
    assert iam.policies.read(POLICY) == ManagedPolicy("ReadOnlyAccess", POLICY)


def test_own_policies_are_listed_without_awss_own(iam: Iam, iam_stub: Stubber) -> None:
    page = {"Policies": [{"PolicyName": "a", "Arn": f"{BOUNDARY}/a"}], "IsTruncated": True, "Marker": "m"}
    own = {"Scope": "Local", "MaxItems": 1000}
    iam_stub.add_response("list_policies", page, own)
    iam_stub.add_response("list_policies", {"Policies": []}, {**own, "Marker": "m"})
    assert iam.policies.own() == (ManagedPolicy("a", f"{BOUNDARY}/a"),)


def test_the_quotas_of_a_role(iam: Iam, iam_stub: Stubber) -> None:
    quotas = {
        "AttachedPoliciesPerRoleQuota": 20,
        "AssumeRolePolicySizeQuota": 4096,
        "RolePolicySizeQuota": 10240,
    }
    iam_stub.add_response("get_account_summary", {"SummaryMap": quotas}, {})
    assert iam.roles.quotas() == Quotas(attachments=20, trust=4096, inline=10240)


def test_quotas_that_may_not_be_read_are_not_known(iam: Iam, iam_stub: Stubber) -> None:
    iam_stub.add_client_error("get_account_summary", "AccessDenied", "no")
    assert iam.roles.quotas() is None


MISSING: list[Any] = [
    pytest.param("get_role", lambda iam: iam.roles.read("app"), None, id="role"),
    pytest.param(
        "list_attached_role_policies", lambda iam: iam.policies.attached("app"), {}, id="attached-policies"
    ),
    pytest.param("list_role_policies", lambda iam: iam.policies.inline_names("app"), (), id="inline-names"),
    pytest.param(
        "list_instance_profiles_for_role",
        lambda iam: iam.roles.instance_profiles("app"),
        (),
        id="instance-profiles",
    ),
    pytest.param("get_role_policy", lambda iam: iam.policies.inline("app", "x"), None, id="inline-policy"),
    pytest.param(
        "get_open_id_connect_provider", lambda iam: iam.providers.read(PROVIDER), None, id="provider"
    ),
    pytest.param("get_policy", lambda iam: iam.policies.read(POLICY), None, id="policy"),
]


@pytest.mark.parametrize(("operation", "read", "nothing"), MISSING)
def test_what_is_missing_is_none_or_empty(
    iam: Iam, iam_stub: Stubber, operation: str, read: Read, nothing: Any
) -> None:
    iam_stub.add_client_error(operation, "NoSuchEntity", "cannot be found", 404)
    assert read(iam) == nothing


@pytest.mark.parametrize(("operation", "read", "_"), MISSING)
def test_a_denied_read_names_its_action(
    iam: Iam, iam_stub: Stubber, operation: str, read: Read, _: Any
) -> None:
    iam_stub.add_client_error(operation, "AccessDenied", "no", 403)
    with pytest.raises(Denied) as caught:
        read(iam)
    assert caught.value.action.removeprefix("iam:") == iam_stub.client.meta.method_to_api_mapping[operation]
