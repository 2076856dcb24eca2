# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What IAM says: reads that turn "missing" into None.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

from ...errors import Denied, RemoteError
from ...identity.keys import DEFAULT_MAX_SESSION
from ...model.role import Provider, Role
from ...policy.equality import Document
from ...policy.limits import Quotas
from ...policy.reference import ManagedPolicy
from ..call import translated
from ..session import AwsSession

MISSING = "NoSuchEntity"
# The most that one page may hold; IAM may send fewer and say that there are more.
PAGE = 1000


class IamReader:
    """For any number of threads. Every method raises Denied or RemoteError."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def role(self, name: str) -> Role | None:
        with none_if_missing() as found, translated("iam:GetRole", f"role {name}"):
            found.append(self._session.iam.get_role(RoleName=name)["Role"])
        return role_of(found[0]) if found else None

    def attached_policies(self, role: str) -> dict[str, str]:
        """ARN to name of the managed policies; empty where the role does not exist."""
        with none_if_missing() as found, translated("iam:ListAttachedRolePolicies", f"role {role}"):
            pages = self._session.iam.get_paginator("list_attached_role_policies").paginate(RoleName=role)
            found.extend(policy for page in pages for policy in page["AttachedPolicies"])
        return {policy["PolicyArn"]: policy["PolicyName"] for policy in found}

    def inline_policy_names(self, role: str) -> tuple[str, ...]:
        with none_if_missing() as found, translated("iam:ListRolePolicies", f"role {role}"):
            pages = self._session.iam.get_paginator("list_role_policies").paginate(RoleName=role)
            found.extend(name for page in pages for name in page["PolicyNames"])
        return tuple(found)

    def inline_policy(self, role: str, name: str) -> Document | None:
        with (
            none_if_missing() as found,
            translated("iam:GetRolePolicy", f"inline policy {name} of role {role}"),
        ):
            answer = self._session.iam.get_role_policy(RoleName=role, PolicyName=name)
            found.append(answer["PolicyDocument"])
        return found[0] if found else None

    def instance_profiles(self, role: str) -> tuple[str, ...]:
        """Names of the instance profiles that hold the role."""
        with none_if_missing() as found, translated("iam:ListInstanceProfilesForRole", f"role {role}"):
            pages = self._session.iam.get_paginator("list_instance_profiles_for_role").paginate(RoleName=role)
            found.extend(
                profile["InstanceProfileName"] for page in pages for profile in page["InstanceProfiles"]
            )
        return tuple(found)

    def provider(self, arn: str) -> Provider | None:
        with none_if_missing() as found, translated("iam:GetOpenIDConnectProvider", arn):
            found.append(self._session.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn))
        if not found:
            return None
        audiences = tuple(found[0].get("ClientIDList", ()))
        return Provider(arn, audiences, tags_of(found[0]), str(found[0].get("CreateDate", "")))

    def provider_arns(self) -> tuple[str, ...]:
        """The ARNs of the account's OIDC providers; IAM sends them all at once."""
        with translated("iam:ListOpenIDConnectProviders"):
            found = self._session.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        return tuple(provider["Arn"] for provider in found)

    def policy(self, arn: str) -> ManagedPolicy | None:
        with none_if_missing() as found, translated("iam:GetPolicy", arn):
            found.append(self._session.iam.get_policy(PolicyArn=arn)["Policy"])
        return ManagedPolicy(name=found[0]["PolicyName"], arn=found[0]["Arn"]) if found else None

    def policy_version(self, arn: str) -> str | None:
        """Which version of a managed policy is in force; None where the policy does not exist."""
        with none_if_missing() as found, translated("iam:GetPolicy", arn):
            found.append(self._session.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"])
        return found[0] if found else None

    def policy_document(self, arn: str, version: str) -> Document | None:
        """What that version of a managed policy says."""
        with none_if_missing() as found, translated("iam:GetPolicyVersion", arn):
            answer = self._session.iam.get_policy_version(PolicyArn=arn, VersionId=version)
            found.append(answer["PolicyVersion"]["Document"])
        return found[0] if found else None

    def own_policies(self) -> tuple[ManagedPolicy, ...]:
        """The account's customer-managed policies."""
        return self._policies("Local")

    def aws_policies(self) -> tuple[ManagedPolicy, ...]:
        """AWS's own, some 1,500."""
        return self._policies("AWS")

    def _policies(self, scope: Literal["AWS", "Local"]) -> tuple[ManagedPolicy, ...]:
        with translated("iam:ListPolicies"):
            pages = self._session.iam.get_paginator("list_policies").paginate(
                Scope=scope, PaginationConfig={"PageSize": PAGE}
            )
            found = [policy for page in pages for policy in page["Policies"]]
        return tuple(ManagedPolicy(name=policy["PolicyName"], arn=policy["Arn"]) for policy in found)

    def quotas(self) -> Quotas | None:
        """The account's quotas for a role; None where they may not be read."""
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


@contextmanager
def none_if_missing() -> Iterator[list[Any]]:
    """A list that stays empty where AWS says NoSuchEntity."""
    found: list[Any] = []
    try:
        yield found
    except RemoteError as error:
        if error.code != MISSING:
            raise
        found.clear()


def role_of(found: Any) -> Role:
    """The role as IAM shows it. A trust policy that is not an object, as emulators may have, is empty."""
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
        # botocore tells it since 1.43.70.
        source_template=found.get("SourceRoleTemplate", {}).get("TemplateArn", ""),
        role_id=found["RoleId"],
    )


def tags_of(found: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in found.get("Tags", ())}
