# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What IAM is told to write, and what happens where it cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.stub import Stubber

from ansible_collections.iamsa.eks.plugins.module_utils.aws import retry
from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.client import Iam
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, RemoteError, ResourceRef
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role

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


ON_APP = {"RoleName": "app"}
PUT = {"RoleName": "app", "PolicyName": "reader"}
SENT_ONCE = ("delete-role", "delete-provider")
WRITES: list[Any] = [
    pytest.param(
        "create_open_id_connect_provider",
        lambda iam: iam.providers.create("https://oidc.example/id/A", ["a"]),
        {"Url": "https://oidc.example/id/A", "ClientIDList": ["a"]},
        id="create-provider",
    ),
    pytest.param(
        "add_client_id_to_open_id_connect_provider",
        lambda iam: iam.providers.add_audience(PROVIDER, "a"),
        {"OpenIDConnectProviderArn": PROVIDER, "ClientID": "a"},
        id="add-audience",
    ),
    pytest.param(
        "create_open_id_connect_provider",
        lambda iam: iam.providers.create("https://oidc.example/id/A", ["a"], {"team": "web"}),
        {
            "Url": "https://oidc.example/id/A",
            "ClientIDList": ["a"],
            "Tags": [{"Key": "team", "Value": "web"}],
        },
        id="create-tagged-provider",
    ),
    pytest.param(
        "delete_open_id_connect_provider",
        lambda iam: iam.providers.delete(PROVIDER),
        {"OpenIDConnectProviderArn": PROVIDER},
        id="delete-provider",
    ),
    pytest.param(
        "remove_client_id_from_open_id_connect_provider",
        lambda iam: iam.providers.remove_audience(PROVIDER, "a"),
        {"OpenIDConnectProviderArn": PROVIDER, "ClientID": "a"},
        id="remove-audience",
    ),
    pytest.param(
        "tag_open_id_connect_provider",
        lambda iam: iam.providers.set_tags(PROVIDER, {"a": "b"}),
        {"OpenIDConnectProviderArn": PROVIDER, "Tags": [{"Key": "a", "Value": "b"}]},
        id="set-provider-tags",
    ),
    pytest.param(
        "untag_open_id_connect_provider",
        lambda iam: iam.providers.remove_tags(PROVIDER, ["a", "B"]),
        {"OpenIDConnectProviderArn": PROVIDER, "TagKeys": ["a", "B"]},
        id="remove-provider-tags",
    ),
    pytest.param(
        "create_role",
        lambda iam: iam.roles.create(ROLE),
        {
            **ON_APP,
            "Path": "/iamsa/",
            "AssumeRolePolicyDocument": MINIFIED,
            "Tags": [{"Key": "team", "Value": "web"}, {"Key": "iamsa/manager", "Value": "iamsa"}],
            "MaxSessionDuration": 7200,
            "PermissionsBoundary": BOUNDARY,
            "Description": "reads",
        },
        id="create-role",
    ),
    pytest.param(
        "create_role",
        lambda iam: iam.roles.create(Role("app", "/", "", TRUST)),
        {**ON_APP, "Path": "/", "AssumeRolePolicyDocument": MINIFIED, "Tags": [], "MaxSessionDuration": 3600},
        id="create-plain-role",
    ),
    pytest.param("delete_role", lambda iam: iam.roles.delete("app"), ON_APP, id="delete-role"),
    pytest.param(
        "update_assume_role_policy",
        lambda iam: iam.roles.set_trust("app", TRUST),
        {**ON_APP, "PolicyDocument": MINIFIED},
        id="set-trust",
    ),
    pytest.param(
        "put_role_permissions_boundary",
        lambda iam: iam.roles.set_boundary("app", BOUNDARY),
        {**ON_APP, "PermissionsBoundary": BOUNDARY},
        id="set-boundary",
    ),
    pytest.param(
        "delete_role_permissions_boundary",
        lambda iam: iam.roles.remove_boundary("app"),
        ON_APP,
        id="remove-boundary",
    ),
    pytest.param(
        "update_role",
        lambda iam: iam.roles.set_settings("app", None, 3600),
        {**ON_APP, "Description": "", "MaxSessionDuration": 3600},
        id="set-settings",
    ),
    pytest.param(
        "tag_role",
        lambda iam: iam.roles.set_tags("app", {"a": "b"}),
        {**ON_APP, "Tags": [{"Key": "a", "Value": "b"}]},
        id="set-tags",
    ),
    pytest.param(
        "untag_role",
        lambda iam: iam.roles.remove_tags("app", ["a", "B"]),
        {**ON_APP, "TagKeys": ["a", "B"]},
        id="remove-tags",
    ),
    pytest.param(
        "attach_role_policy",
        lambda iam: iam.policies.attach("app", POLICY),
        {**ON_APP, "PolicyArn": POLICY},
        id="attach",
    ),
    pytest.param(
        "detach_role_policy",
        lambda iam: iam.policies.detach("app", POLICY),
        {**ON_APP, "PolicyArn": POLICY},
        id="detach",
    ),
    pytest.param(
        "put_role_policy",
        lambda iam: iam.policies.put_inline("app", "reader", TRUST),
        {**PUT, "PolicyDocument": MINIFIED},
        id="put-inline",
    ),
    pytest.param(
        "delete_role_policy", lambda iam: iam.policies.delete_inline("app", "reader"), PUT, id="delete-inline"
    ),
]


@pytest.mark.parametrize(("operation", "write", "parameters"), WRITES)
def test_a_write_asks_for_just_this(
    iam: Iam, iam_stub: Stubber, operation: str, write: Read, parameters: dict[str, Any]
) -> None:
    iam_stub.add_response(operation, done(operation), parameters)
    write(iam)


@pytest.mark.parametrize(("operation", "write", "_"), [one for one in WRITES if one.id not in SENT_ONCE])
def test_a_write_that_meets_another_is_tried_again(
    iam: Iam, iam_stub: Stubber, monkeypatch: pytest.MonkeyPatch, operation: str, write: Read, _: Any
) -> None:
    monkeypatch.setattr(retry, "_pauses", lambda: iter([0.0] * 9))
    for _round in range(3):
        iam_stub.add_client_error(operation, "ConcurrentModification", "busy", 409)
    iam_stub.add_response(operation, done(operation))
    write(iam)


@pytest.mark.parametrize(("operation", "write", "_"), WRITES)
def test_a_denied_write_names_action_and_resource_and_is_not_tried_again(
    iam: Iam, iam_stub: Stubber, operation: str, write: Read, _: Any
) -> None:
    iam_stub.add_client_error(operation, "AccessDenied", "no", 403)
    with pytest.raises(Denied) as caught:
        write(iam)
    assert caught.value.action.removeprefix("iam:") == iam_stub.client.meta.method_to_api_mapping[operation]
    provider = ResourceRef("oidc-provider", "oidc.example/id/A")
    assert caught.value.resource == (provider if "open_id" in operation else ResourceRef("role", "app"))


CODES = [
    ("attach_role_policy", lambda iam: iam.policies.attach("app", POLICY), "NoSuchEntity"),
    ("attach_role_policy", lambda iam: iam.policies.attach("app", POLICY), "LimitExceeded"),
    ("create_role", lambda iam: iam.roles.create(ROLE), "EntityAlreadyExists"),
    ("delete_role", lambda iam: iam.roles.delete("app"), "DeleteConflict"),
    ("delete_role", lambda iam: iam.roles.delete("app"), "NoSuchEntity"),
    ("untag_role", lambda iam: iam.roles.remove_tags("app", ["a"]), "NoSuchEntity"),
]


@pytest.mark.parametrize(("operation", "write", "code"), CODES)
def test_a_write_keeps_the_services_own_code(
    iam: Iam, iam_stub: Stubber, operation: str, write: Read, code: str
) -> None:
    iam_stub.add_client_error(operation, code, "words of IAM", 409)
    with pytest.raises(RemoteError, match="words of IAM") as caught:
        write(iam)
    assert caught.value.code == code
