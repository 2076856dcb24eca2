# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM as this program needs it: reads that turn "missing" into None, and one method a write.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..deadline import Deadline
from ..errors import Denied, RemoteError
from ..model.constants import DEFAULT_MAX_SESSION
from ..model.document import minified
from ..model.policy import Document, ManagedPolicy
from ..model.state import Provider, Role
from .calls import translated
from .retry import CONCURRENT, CONCURRENT_SECONDS, has_code, retried
from .session import AwsSession

MISSING = "NoSuchEntity"
EXISTS = "EntityAlreadyExists"


class Iam:
    """For any number of threads. Every method raises Denied, RemoteError or TimedOut."""

    def __init__(self, session: AwsSession, deadline: Deadline) -> None:
        self._session = session
        self._deadline = deadline

    def role(self, name: str) -> Role | None:
        with _none_if_missing() as found, translated("iam:GetRole", f"role {name}"):
            found.append(self._session.iam.get_role(RoleName=name)["Role"])
        return _role(found[0]) if found else None

    def attached_policies(self, role: str) -> dict[str, str]:
        """ARN to name of the managed policies; empty where the role does not exist."""
        with _none_if_missing() as found, translated("iam:ListAttachedRolePolicies", f"role {role}"):
            pages = self._session.iam.get_paginator("list_attached_role_policies").paginate(RoleName=role)
            found.extend(policy for page in pages for policy in page["AttachedPolicies"])
        return {policy["PolicyArn"]: policy["PolicyName"] for policy in found}

    def inline_policy_names(self, role: str) -> tuple[str, ...]:
        with _none_if_missing() as found, translated("iam:ListRolePolicies", f"role {role}"):
            pages = self._session.iam.get_paginator("list_role_policies").paginate(RoleName=role)
            found.extend(name for page in pages for name in page["PolicyNames"])
        return tuple(found)

    def inline_policy(self, role: str, name: str) -> Document | None:
        with (
            _none_if_missing() as found,
            translated("iam:GetRolePolicy", f"inline policy {name} of role {role}"),
        ):
            answer = self._session.iam.get_role_policy(RoleName=role, PolicyName=name)
            found.append(answer["PolicyDocument"])
        return found[0] if found else None

    def provider(self, arn: str) -> Provider | None:
        with _none_if_missing() as found, translated("iam:GetOpenIDConnectProvider", arn):
            found.append(self._session.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn))
        return Provider(arn, tuple(found[0].get("ClientIDList", ()))) if found else None

    def policy(self, arn: str) -> ManagedPolicy | None:
        with _none_if_missing() as found, translated("iam:GetPolicy", arn):
            found.append(self._session.iam.get_policy(PolicyArn=arn)["Policy"])
        return ManagedPolicy(name=found[0]["PolicyName"], arn=found[0]["Arn"]) if found else None

    def own_policies(self) -> tuple[ManagedPolicy, ...]:
        """The account's customer-managed policies."""
        with translated("iam:ListPolicies"):
            pages = self._session.iam.get_paginator("list_policies").paginate(Scope="Local")
            found = [policy for page in pages for policy in page["Policies"]]
        return tuple(ManagedPolicy(name=policy["PolicyName"], arn=policy["Arn"]) for policy in found)

    def attachment_quota(self) -> int | None:
        """AttachedPoliciesPerRoleQuota of the account; None where it may not be read."""
        try:
            with translated("iam:GetAccountSummary"):
                summary = self._session.iam.get_account_summary()["SummaryMap"]
        except Denied:
            return None
        return summary.get("AttachedPoliciesPerRoleQuota")

    def create_provider(self, issuer: str, audiences: list[str]) -> None:
        # No thumbprint: AWS uses it only where the issuer's CA is not publicly trusted.
        self._write(
            "iam:CreateOpenIDConnectProvider",
            issuer,
            lambda: self._session.iam.create_open_id_connect_provider(Url=issuer, ClientIDList=audiences),
        )

    def add_audience(self, provider_arn: str, audience: str) -> None:
        self._write(
            "iam:AddClientIDToOpenIDConnectProvider",
            provider_arn,
            lambda: self._session.iam.add_client_id_to_open_id_connect_provider(
                OpenIDConnectProviderArn=provider_arn, ClientID=audience
            ),
        )

    def create_role(self, role: Role) -> None:
        """Trust, boundary, path, tags, description and session length in one call; no permissions."""
        optional: dict[str, Any] = {}
        if role.permissions_boundary:
            optional["PermissionsBoundary"] = role.permissions_boundary
        if role.description:
            optional["Description"] = role.description
        self._write(
            "iam:CreateRole",
            f"role {role.name}",
            lambda: self._session.iam.create_role(
                RoleName=role.name,
                Path=role.path,
                AssumeRolePolicyDocument=minified(role.trust),
                Tags=_tag_list(role.tags),
                MaxSessionDuration=role.max_session_duration,
                **optional,
            ),
        )

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
            lambda: self._session.iam.tag_role(RoleName=role, Tags=_tag_list(tags)),
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

    def _write(self, action: str, resource: str, call: Callable[[], object]) -> None:
        def once() -> None:
            with translated(action, resource):
                call()

        # No retry mode of botocore's retries this one.
        retried(
            once, self._deadline, f"retrying {action}", seconds=CONCURRENT_SECONDS, when=has_code(CONCURRENT)
        )


@contextmanager
def _none_if_missing() -> Iterator[list[Any]]:
    """A list that stays empty where AWS says NoSuchEntity."""
    found: list[Any] = []
    try:
        yield found
    except RemoteError as error:
        if error.code != MISSING:
            raise
        found.clear()


def _tag_list(tags: Mapping[str, str]) -> Any:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _role(found: Any) -> Role:
    return Role(
        name=found["RoleName"],
        path=found["Path"],
        arn=found["Arn"],
        trust=found["AssumeRolePolicyDocument"],
        tags={tag["Key"]: tag["Value"] for tag in found.get("Tags", ())},
        permissions_boundary=found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        description=found.get("Description"),
        max_session_duration=found.get("MaxSessionDuration", DEFAULT_MAX_SESSION),
    )
