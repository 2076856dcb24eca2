# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM roles: read one or all of them, and one method for each write.

Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html and
https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...deadline import Deadline
from ...errors import Denied
from ...identity.keys import DEFAULT_MAX_SESSION
from ...model.role import Role
from ...policy.document import minified
from ...policy.equality import Document
from ...policy.limits import Quotas
from ..call import translated
from ..session import AwsSession
from .call import PAGE, none_if_missing, role_ref, tag_list, tags_of, write

if TYPE_CHECKING:
    from ...model.role import RoleUse, SeenRole


class Roles:
    """The account's roles. Thread-safe.

    Every method raises Denied or RemoteError; those that write also raise TimedOut.
    """

    def __init__(self, session: AwsSession, deadline: Deadline) -> None:
        self._session = session
        self._deadline = deadline

    def read(self, name: str) -> Role | None:
        """The role; None if it does not exist."""
        with none_if_missing() as found, translated("iam:GetRole", role_ref(name)):
            found.append(self._session.iam.get_role(RoleName=name)["Role"])
        return role_of(found[0]) if found else None

    def read_with_use(self, name: str) -> tuple[Role, RoleUse | None] | None:
        """The role and its last use; the use is None if AWS tracked none."""
        with none_if_missing() as found, translated("iam:GetRole", role_ref(name)):
            found.append(self._session.iam.get_role(RoleName=name)["Role"])
        return (role_of(found[0]), _use(found[0].get("RoleLastUsed", {}))) if found else None

    def count(self) -> int | None:
        """The number of roles in the account; None if reading it is denied."""
        try:
            with translated("iam:GetAccountSummary"):
                return self._session.iam.get_account_summary()["SummaryMap"].get("Roles")
        except Denied:
            return None

    def pages(self) -> Iterator[tuple[SeenRole, ...]]:
        """All roles of the account with their policies, in pages; each page is one call, made when needed.

        The roles lack description and session length, which this call does not return.
        """
        with translated("iam:GetAccountAuthorizationDetails"):
            pages = self._session.iam.get_paginator("get_account_authorization_details").paginate(
                Filter=["Role"], PaginationConfig={"PageSize": PAGE}
            )
            for page in pages:
                yield tuple(map(_seen, page["RoleDetailList"]))

    def instance_profiles(self, role: str) -> tuple[str, ...]:
        """The names of the instance profiles that contain the role."""
        with none_if_missing() as found, translated("iam:ListInstanceProfilesForRole", role_ref(role)):
            pages = self._session.iam.get_paginator("list_instance_profiles_for_role").paginate(RoleName=role)
            found.extend(
                profile["InstanceProfileName"] for page in pages for profile in page["InstanceProfiles"]
            )
        return tuple(found)

    def quotas(self) -> Quotas | None:
        """The account's quotas for a role; None if reading them is denied."""
        try:
            with translated("iam:GetAccountSummary"):
                summary = self._session.iam.get_account_summary()["SummaryMap"]
        except Denied:
            return None
        return Quotas(
            attachments=summary.get("AttachedPoliciesPerRoleQuota"),
            trust=summary.get("AssumeRolePolicySizeQuota"),
            inline=summary.get("RolePolicySizeQuota"),
        )

    def create(self, role: Role) -> Role:
        """Create the role without permissions policies; returns the role as IAM created it."""
        optional: dict[str, Any] = {}
        if role.permissions_boundary:
            optional["PermissionsBoundary"] = role.permissions_boundary
        if role.description:
            optional["Description"] = role.description
        answer = self._write(
            "iam:CreateRole",
            role.name,
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

    def delete(self, role: str) -> None:
        """Delete the role; never retried, because a new role may have the same name by then.

        RemoteError has the code DeleteConflict if the role still has policies or is in an instance profile.
        """
        with translated("iam:DeleteRole", role_ref(role)):
            self._session.iam_once.delete_role(RoleName=role)

    def set_trust(self, role: str, document: Document) -> None:
        """Replace the role's trust policy."""
        self._write(
            "iam:UpdateAssumeRolePolicy",
            role,
            lambda: self._session.iam.update_assume_role_policy(
                RoleName=role, PolicyDocument=minified(document)
            ),
        )

    def set_boundary(self, role: str, arn: str) -> None:
        """Set or replace the role's permissions boundary."""
        self._write(
            "iam:PutRolePermissionsBoundary",
            role,
            lambda: self._session.iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=arn),
        )

    def remove_boundary(self, role: str) -> None:
        """Remove the role's permissions boundary."""
        self._write(
            "iam:DeleteRolePermissionsBoundary",
            role,
            lambda: self._session.iam.delete_role_permissions_boundary(RoleName=role),
        )

    def set_settings(self, role: str, description: str | None, max_session_duration: int) -> None:
        """Set the description (None clears it) and the maximum session duration in seconds."""
        self._write(
            "iam:UpdateRole",
            role,
            lambda: self._session.iam.update_role(
                RoleName=role, Description=description or "", MaxSessionDuration=max_session_duration
            ),
        )

    def set_tags(self, role: str, tags: Mapping[str, str]) -> None:
        """Add or change these tags; others are kept."""
        self._write(
            "iam:TagRole",
            role,
            lambda: self._session.iam.tag_role(RoleName=role, Tags=tag_list(tags)),
        )

    def remove_tags(self, role: str, keys: list[str]) -> None:
        """Remove the tags with these keys; a missing one is not an error."""
        self._write(
            "iam:UntagRole",
            role,
            lambda: self._session.iam.untag_role(RoleName=role, TagKeys=keys),
        )

    def _write(self, action: str, role: str, call: Callable[[], Any]) -> Any:
        return write(action, role_ref(role), call, self._deadline)


def role_of(found: Any) -> Role:
    """The role in an IAM response. A trust policy that is not an object, as some emulators return, is {}."""
    trust = found["AssumeRolePolicyDocument"]
    return Role(
        name=found["RoleName"],
        path=found["Path"],
        arn=found["Arn"],
        trust=trust if isinstance(trust, Mapping) else {},
        tags=tags_of(found),
        permissions_boundary=found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        description=found.get("Description"),
        max_session_duration=found.get("MaxSessionDuration", DEFAULT_MAX_SESSION),
        # botocore returns it from 1.43.70 on.
        source_template=found.get("SourceRoleTemplate", {}).get("TemplateArn", ""),
        role_id=found["RoleId"],
        created=made.isoformat(timespec="seconds") if (made := found.get("CreateDate")) else "",
    )


def _seen(detail: Any) -> SeenRole:
    from ...model.role import SeenRole  # noqa: PLC0415

    return SeenRole(
        role=role_of(detail),
        attached={
            policy["PolicyArn"]: policy["PolicyName"] for policy in detail.get("AttachedManagedPolicies", ())
        },
        inline=tuple(policy["PolicyName"] for policy in detail.get("RolePolicyList", ())),
    )


def _use(last: Any) -> RoleUse | None:
    from ...model.role import RoleUse  # noqa: PLC0415

    at = last.get("LastUsedDate")
    return RoleUse(at.isoformat(timespec="seconds"), last.get("Region", "")) if at else None
