"""The user whom the documents of docs/permissions limit, and roles of others to try them on."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from e2e import permissions
from e2e.shop import S3, SQS, Json, aws_managed, trusting_account
from pocket_eks.control import Control
from pocket_eks.world import World

DENIED = "AccessDenied"
STATEMENT = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})
OURS = {"iamsa/manager": "iamsa", "iamsa/cluster": "arn:aws:eks:us-east-1:123456789012:cluster/demo"}
THEIRS = {**OURS, "iamsa/cluster": "arn:aws:eks:us-east-1:123456789012:cluster/other"}
UNMANAGED = {
    "without our tags": ("/iamsa/", {"team": "web"}),
    "another cluster's": ("/iamsa/", THEIRS),
    "another tool's": ("/iamsa/", {**OURS, "iamsa/manager": "terraform"}),
    "under another path": ("/", OURS),
}
ROLES = {"ours": ("/iamsa/", OURS), **UNMANAGED}
"""Path and tags of each kind of role."""

TRUST = {"Version": "2012-10-17", "Statement": [trusting_account("123456789012")]}
CHANGES: dict[str, Json] = {
    "AttachRolePolicy": {"PolicyArn": aws_managed(SQS)},
    "DetachRolePolicy": {"PolicyArn": aws_managed(S3)},
    "PutRolePolicy": {"PolicyName": "inline", "PolicyDocument": DOCUMENT},
    "DeleteRolePolicy": {"PolicyName": "inline"},
    "UpdateAssumeRolePolicy": {"PolicyDocument": json.dumps(TRUST)},
    "UpdateRole": {"Description": "new"},
    "TagRole": {"Tags": [{"Key": "team", "Value": "shop"}]},
    "UntagRole": {"TagKeys": ["team"]},
    "PutRolePermissionsBoundary": {"PermissionsBoundary": aws_managed(S3)},
    "DeleteRolePermissionsBoundary": {},
    "DeleteRole": {},
}
"""Every way to change a role, and what it is tried with."""


@dataclass
class Limited:
    """`admin` and `user` are clients of IAM; the latter's calls are judged by the documents."""

    world: World
    control: Control
    admin: Any
    user: Any

    def under(self, *documents: str, without: str = "") -> None:
        """From now on these documents limit the user, but for the statements that grant only `without`."""
        policy = permissions.merged(self.world, documents)
        policy["Statement"] = [one for one in policy["Statement"] if one["Action"] != without]
        self.control.settings(policy=policy)

    def role(self, kind: str, **more: Any) -> str:
        """The name of a new role of a kind of ROLES, with a managed and an inline policy."""
        name, (path, tags) = f"role-{uuid.uuid4().hex[:8]}", ROLES[kind]
        trust = json.dumps(TRUST)
        self.admin.create_role(
            RoleName=name, Path=path, AssumeRolePolicyDocument=trust, Tags=tag_list(tags), **more
        )
        self.admin.attach_role_policy(RoleName=name, PolicyArn=aws_managed(S3))
        self.admin.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=DOCUMENT)
        return name

    def create(self, path: str, tags: dict[str, str], **more: Any) -> str:
        """What comes of the user's attempt to create a role."""
        trust = json.dumps(TRUST)
        more = {"Path": path, "AssumeRolePolicyDocument": trust, "Tags": tag_list(tags), **more}
        return self.attempt("CreateRole", f"new-{uuid.uuid4().hex[:8]}", **more)

    def change(self, operation: str, role: str) -> str:
        """What comes of the user's attempt to change a role in one of the ways of CHANGES."""
        return self.attempt(operation, role, **CHANGES[operation])

    def tag(self, role: str, tags: dict[str, str]) -> str:
        """What comes of the user's attempt to tag a role."""
        return self.attempt("TagRole", role, Tags=tag_list(tags))

    def attempt(self, operation: str, role: str, **params: Any) -> str:
        """AWS's error code with what was denied, or "done"."""
        methods = {name: method for method, name in self.user.meta.method_to_api_mapping.items()}
        try:
            getattr(self.user, methods[operation])(RoleName=role, **params)
        except ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
            needed = message.partition("perform: iam:")[2].partition(" ")[0]
            return str(code) if needed in ("", operation) else f"{code} {needed}"
        return "done"


def tag_list(tags: dict[str, str]) -> list[Json]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
