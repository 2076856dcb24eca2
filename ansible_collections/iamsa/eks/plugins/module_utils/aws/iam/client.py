# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM as this program needs it: what the reader reads, and one method a write to providers and roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...model.role import Role
from ...policy.document import minified
from ...policy.equality import Document
from ..call import translated
from .providers import ProviderWriter, tag_list
from .reader import MISSING, role_of

EXISTS = "EntityAlreadyExists"
DELETE_CONFLICT = "DeleteConflict"

__all__ = ["DELETE_CONFLICT", "EXISTS", "MISSING", "Iam"]


class Iam(ProviderWriter):
    """For any number of threads. Every method raises Denied, RemoteError or TimedOut."""

    def create_role(self, role: Role) -> Role:
        """Trust, boundary, path, tags, description and session length in one call; no permissions.

        The role as IAM tells that it made it.
        """
        optional: dict[str, Any] = {}
        if role.permissions_boundary:
            optional["PermissionsBoundary"] = role.permissions_boundary
        if role.description:
            optional["Description"] = role.description
        answer = self._write(
            "iam:CreateRole",
            f"role {role.name}",
            lambda: self._session.iam.create_role(
                RoleName=role.name,
                Path=role.path,
                AssumeRolePolicyDocument=minified(role.trust),
                Tags=tag_list(role.tags),
                MaxSessionDuration=role.max_session_duration,
                **optional,
            ),
        )
        return role_of(answer["Role"])

    def delete_role(self, role: str) -> None:
        """Sent once, whatever comes of it: by then the name may be that of another role.

        RemoteError has the code DeleteConflict where policies or instance profiles still hang on it.
        """
        with translated("iam:DeleteRole", f"role {role}"):
            self._session.iam_once.delete_role(RoleName=role)

    def set_trust(self, role: str, document: Document) -> None:
        self._write(
            "iam:UpdateAssumeRolePolicy",
            f"role {role}",
            lambda: self._session.iam.update_assume_role_policy(
                RoleName=role, PolicyDocument=minified(document)
            ),
        )

    def set_boundary(self, role: str, arn: str) -> None:
        self._write(
            "iam:PutRolePermissionsBoundary",
            f"role {role}",
            lambda: self._session.iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=arn),
        )

    def remove_boundary(self, role: str) -> None:
        self._write(
            "iam:DeleteRolePermissionsBoundary",
            f"role {role}",
            lambda: self._session.iam.delete_role_permissions_boundary(RoleName=role),
        )

    def set_settings(self, role: str, description: str | None, max_session_duration: int) -> None:
        self._write(
            "iam:UpdateRole",
            f"role {role}",
            lambda: self._session.iam.update_role(
                RoleName=role, Description=description or "", MaxSessionDuration=max_session_duration
            ),
        )

    def set_tags(self, role: str, tags: Mapping[str, str]) -> None:
        self._write(
            "iam:TagRole",
            f"role {role}",
            lambda: self._session.iam.tag_role(RoleName=role, Tags=tag_list(tags)),
        )

    def remove_tags(self, role: str, keys: list[str]) -> None:
        self._write(
            "iam:UntagRole",
            f"role {role}",
            lambda: self._session.iam.untag_role(RoleName=role, TagKeys=keys),
        )

    def attach(self, role: str, policy_arn: str) -> None:
        self._write(
            "iam:AttachRolePolicy",
            f"{policy_arn} to role {role}",
            lambda: self._session.iam.attach_role_policy(RoleName=role, PolicyArn=policy_arn),
        )

    def detach(self, role: str, policy_arn: str) -> None:
        self._write(
            "iam:DetachRolePolicy",
            f"{policy_arn} from role {role}",
            lambda: self._session.iam.detach_role_policy(RoleName=role, PolicyArn=policy_arn),
        )

    def put_inline_policy(self, role: str, name: str, document: Document) -> None:
        self._write(
            "iam:PutRolePolicy",
            f"inline policy {name} of role {role}",
            lambda: self._session.iam.put_role_policy(
                RoleName=role, PolicyName=name, PolicyDocument=minified(document)
            ),
        )

    def delete_inline_policy(self, role: str, name: str) -> None:
        self._write(
            "iam:DeleteRolePolicy",
            f"inline policy {name} of role {role}",
            lambda: self._session.iam.delete_role_policy(RoleName=role, PolicyName=name),
        )
