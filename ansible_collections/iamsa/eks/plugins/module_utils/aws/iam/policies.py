# SPDX-License-Identifier: GPL-3.0-or-later

"""Policies: the managed and inline policies of a role, and the managed policies of the account and of AWS.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from ...deadline import Deadline
from ...errors import ResourceRef
from ...policy.document import minified
from ...policy.equality import Document
from ...policy.reference import ManagedPolicy
from ..call import translated
from ..session import AwsSession
from .call import PAGE, none_if_missing, role_ref, write


class Policies:
    """The policies of roles, of the account and of AWS. Thread-safe.

    Every method raises Denied or RemoteError; those that write also raise TimedOut.
    """

    def __init__(self, session: AwsSession, deadline: Deadline) -> None:
        self._session = session
        self._deadline = deadline

    def attached(self, role: str) -> dict[str, str]:
        """The managed policies of the role, ARN to name; empty if the role does not exist."""
        with none_if_missing() as found, translated("iam:ListAttachedRolePolicies", role_ref(role)):
            pages = self._session.iam.get_paginator("list_attached_role_policies").paginate(RoleName=role)
            found.extend(policy for page in pages for policy in page["AttachedPolicies"])
        return {policy["PolicyArn"]: policy["PolicyName"] for policy in found}

    def inline_names(self, role: str) -> tuple[str, ...]:
        """The names of the role's inline policies; empty if the role does not exist."""
        with none_if_missing() as found, translated("iam:ListRolePolicies", role_ref(role)):
            pages = self._session.iam.get_paginator("list_role_policies").paginate(RoleName=role)
            found.extend(name for page in pages for name in page["PolicyNames"])
        return tuple(found)

    def inline(self, role: str, name: str) -> Document | None:
        """The document of an inline policy; None if the policy or the role does not exist."""
        with (
            none_if_missing() as found,
            translated("iam:GetRolePolicy", role_ref(role), words=f"inline policy {name} of role {role}"),
        ):
            answer = self._session.iam.get_role_policy(RoleName=role, PolicyName=name)
            found.append(answer["PolicyDocument"])
        return found[0] if found else None

    def read(self, arn: str) -> ManagedPolicy | None:
        """The managed policy; None if it does not exist."""
        with none_if_missing() as found, translated("iam:GetPolicy", ResourceRef("policy", arn), words=arn):
            found.append(self._session.iam.get_policy(PolicyArn=arn)["Policy"])
        return ManagedPolicy(name=found[0]["PolicyName"], arn=found[0]["Arn"]) if found else None

    def version(self, arn: str) -> str | None:
        """The ID of the managed policy's default version; None if the policy does not exist."""
        with none_if_missing() as found, translated("iam:GetPolicy", ResourceRef("policy", arn), words=arn):
            found.append(self._session.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"])
        return found[0] if found else None

    def document(self, arn: str, version: str) -> Document | None:
        """The document of that version of the managed policy; None if it does not exist."""
        with (
            none_if_missing() as found,
            translated("iam:GetPolicyVersion", ResourceRef("policy", arn), words=arn),
        ):
            answer = self._session.iam.get_policy_version(PolicyArn=arn, VersionId=version)
            found.append(answer["PolicyVersion"]["Document"])
        return found[0] if found else None

    def own(self) -> tuple[ManagedPolicy, ...]:
        """The account's customer-managed policies."""
        return self._listed("Local")

    def of_aws(self) -> tuple[ManagedPolicy, ...]:
        """AWS's managed policies, about 1,500."""
        return self._listed("AWS")

    def attach(self, role: str, policy_arn: str) -> None:
        """Attach a managed policy; if it is attached already, nothing changes."""
        self._write(
            "iam:AttachRolePolicy",
            role,
            f"{policy_arn} to role {role}",
            lambda: self._session.iam.attach_role_policy(RoleName=role, PolicyArn=policy_arn),
        )

    def detach(self, role: str, policy_arn: str) -> None:
        """Detach a managed policy; RemoteError has the code NoSuchEntity if it is not attached."""
        self._write(
            "iam:DetachRolePolicy",
            role,
            f"{policy_arn} from role {role}",
            lambda: self._session.iam.detach_role_policy(RoleName=role, PolicyArn=policy_arn),
        )

    def put_inline(self, role: str, name: str, document: Document) -> None:
        """Create or replace an inline policy."""
        self._write(
            "iam:PutRolePolicy",
            role,
            f"inline policy {name} of role {role}",
            lambda: self._session.iam.put_role_policy(
                RoleName=role, PolicyName=name, PolicyDocument=minified(document)
            ),
        )

    def delete_inline(self, role: str, name: str) -> None:
        """Delete an inline policy; RemoteError has the code NoSuchEntity if it does not exist."""
        self._write(
            "iam:DeleteRolePolicy",
            role,
            f"inline policy {name} of role {role}",
            lambda: self._session.iam.delete_role_policy(RoleName=role, PolicyName=name),
        )

    def _listed(self, scope: Literal["AWS", "Local"]) -> tuple[ManagedPolicy, ...]:
        with translated("iam:ListPolicies"):
            pages = self._session.iam.get_paginator("list_policies").paginate(
                Scope=scope, PaginationConfig={"PageSize": PAGE}
            )
            found = [policy for page in pages for policy in page["Policies"]]
        return tuple(ManagedPolicy(name=policy["PolicyName"], arn=policy["Arn"]) for policy in found)

    def _write(self, action: str, role: str, words: str, call: Callable[[], Any]) -> Any:
        return write(action, role_ref(role), call, self._deadline, words=words)
