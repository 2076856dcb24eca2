"""Calls that IAM refuses and an emulator would accept (IAM User Guide: "IAM and AWS STS quotas").

Recorded by LocalStack against AWS (tests/aws/services/iam, 2026-02): the messages for boundaries,
attachments, tags, versions, and AWS managed policies. Reported by users: "Cannot exceed quota for
ACLSizePerRole" (kubernetes-sigs/aws-load-balancer-controller#2718), "… for PoliciesPerRole", "… for
PolicySize" (ministryofjustice/cloud-platform-environments#14118, #14473), "Maximum policy size of 10240 bytes
exceeded for role …" (awslabs/aws-deployment-framework#474). No report says whether a trusted OIDC provider
must exist, so it is a setting, `unregistered_providers`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from pocket_eks.gate import constraints
from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.constraints import tags_of
from pocket_eks.gate.documents import check_trust, invalid_principal, size
from pocket_eks.gate.emulator import Emulator
from pocket_eks.gate.identity_policies import check_identity
from pocket_eks.gate.providers import check_provider
from pocket_eks.gate.settings import Settings

TRUST_SIZE = 2048
INLINE_SIZE = 10240
MANAGED_SIZE = 6144
ATTACHED = 10
TAGS = 50
SIMULATIONS = ("iam:SimulatePrincipalPolicy", "iam:SimulateCustomPolicy")
CASE_SENSITIVE = frozenset(
    f"iam:{verb}{kind}" for verb in ("Create", "Tag") for kind in ("Policy", "OpenIDConnectProvider")
)
"""Whose tags may have keys that differ in case alone; recorded for policies."""

Params = dict[str, str]
_IAM_ARN = re.compile(
    r"arn:aws[a-z-]*:iam::(?P<account>\d{12}):(?P<kind>role|user|root)(?:/(?:.*/)?(?P<name>[^/]+))?"
)


class Limits:
    """The checks of one account: first of the parameters, then of the action."""

    def __init__(self, emulator: Emulator, settings: Settings) -> None:
        self._emulator = emulator
        self._settings = settings
        self._spelling: dict[str, str] | None = None
        self._checks: dict[str, Callable[[Params], Awaitable[None]]] = {
            "iam:CreateRole": self._create_role,
            "iam:DeleteRole": self._delete_role,
            "iam:DetachRolePolicy": self._modifiable,
            "iam:DeleteRolePolicy": self._modifiable,
            "iam:UpdateAssumeRolePolicy": self._update_trust,
            "iam:PutRolePolicy": self._put_role_policy,
            "iam:AttachRolePolicy": self._attach,
            "iam:PutRolePermissionsBoundary": self._boundary,
            "iam:TagRole": self._tag_role,
            "iam:CreatePolicy": self._create_policy,
            "iam:CreatePolicyVersion": self._create_version,
            "iam:DeletePolicy": self._delete_policy,
            "iam:DeletePolicyVersion": self._delete_version,
            "iam:SetDefaultPolicyVersion": self._set_default_version,
            "iam:CreateOpenIDConnectProvider": self._create_provider,
            "iam:CreateInstanceProfile": self._create_profile,
        }

    async def check(self, action: str, params: Params) -> None:
        """Raise AwsError unless the call is within the limits."""
        if action in SIMULATIONS:
            return
        constraints.check(params)
        constraints.distinct(tags_of(params), case_sensitive=action in CASE_SENSITIVE)
        check = self._checks.get(action)
        if check is not None:
            await check(params)

    async def _create_role(self, params: Params) -> None:
        await self._trust(params.get("AssumeRolePolicyDocument", ""))
        if "PermissionsBoundary" in params:
            await self._boundary(params)
        name = params.get("RoleName", "")
        if await self._taken(name):
            raise AwsError("EntityAlreadyExists", f"Role with name {name} already exists.")
        # There are at least as many known names, of which this is one, as roles.
        most = self._settings.quota("RolesPerAccount")
        if len(self._spelling or ()) > most and len(await self._emulator.role_names()) >= most:
            raise AwsError("LimitExceeded", f"Cannot exceed quota for RolesPerAccount: {most}")

    async def _taken(self, name: str) -> bool:
        # Listing a thousand roles takes the emulator 0.1 s. The names are listed once, and a known name
        # counts only if its role still exists.
        if self._spelling is None:
            self._spelling = {one.lower(): one for one in await self._emulator.role_names()}
        seen = self._spelling.get(name.lower())
        if seen is not None and await self._emulator.role(seen) is not None:
            return True
        self._spelling[name.lower()] = name
        return False

    async def _update_trust(self, params: Params) -> None:
        await self._role(params)
        await self._trust(params.get("PolicyDocument", ""))

    async def _put_role_policy(self, params: Params) -> None:
        document = params.get("PolicyDocument", "")
        await self._modifiable(params)
        check_identity(document, managed=False)
        others = await self._emulator.inline(params["RoleName"])
        others.pop(params.get("PolicyName", ""), None)
        if sum(map(size, others.values())) + size(document) > INLINE_SIZE:
            raise AwsError(
                "LimitExceeded",
                f"Maximum policy size of {INLINE_SIZE} bytes exceeded for role {params['RoleName']}",
            )

    async def _attach(self, params: Params) -> None:
        arn = params.get("PolicyArn", "")
        constraints.policy_arn(arn, "ValidationError")
        await self._modifiable(params)
        attached = await self._emulator.attached(params["RoleName"])
        if arn not in attached and len(attached) >= ATTACHED:
            raise AwsError("LimitExceeded", f"Cannot exceed quota for PoliciesPerRole: {ATTACHED}")
        if await self._emulator.policy(arn) is None:
            raise AwsError("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.")
        if ":policy/aws-service-role/" in arn:
            raise AwsError("PolicyNotAttachable", "Cannot attach a Service Role Policy to a Customer Role.")

    async def _boundary(self, params: Params) -> None:
        arn = params.get("PermissionsBoundary", "")
        constraints.policy_arn(arn, "InvalidInput")
        if await self._emulator.policy(arn) is None:
            raise AwsError("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.")

    async def _delete_role(self, params: Params) -> None:
        await self._modifiable(params)

    async def _modifiable(self, params: Params) -> None:
        """Return an existing role that is not a service-linked one. Raises AwsError."""
        role = await self._emulator.role(params.get("RoleName", ""))
        if role is None:
            raise no_role(params.get("RoleName", ""))
        if ":role/aws-service-role/" in role.arn:
            raise AwsError(
                "UnmodifiableEntity",
                f"Cannot perform the operation on the protected role '{params['RoleName']}' - "
                "this role is only modifiable by AWS",
            )

    async def _tag_role(self, params: Params) -> None:
        there = await self._role(params)
        given = {key.lower() for key, _ in tags_of(params)}
        if len(given | {key.lower() for key in there}) > TAGS:
            raise AwsError("LimitExceeded", "The number of tags has reached the maximum limit.")
        # IAM treats keys that differ only in case as the same key, and keeps the new spelling.
        exact = {key for key, _ in tags_of(params)}
        respelled = [key for key in there if key.lower() in given and key not in exact]
        if respelled:
            keys = {f"TagKeys.member.{number}": key for number, key in enumerate(respelled, 1)}
            await self._emulator.call("UntagRole", RoleName=params["RoleName"], **keys)

    async def _create_policy(self, params: Params) -> None:
        document = params.get("PolicyDocument", "")
        check_identity(document, managed=True)
        if size(document) > MANAGED_SIZE:
            raise AwsError("LimitExceeded", f"Cannot exceed quota for PolicySize: {MANAGED_SIZE}")

    async def _create_version(self, params: Params) -> None:
        own(params, "create policy versions for policies")
        await self._create_policy(params)

    async def _delete_policy(self, params: Params) -> None:
        own(params, "delete policies")
        arn = params.get("PolicyArn", "")
        policy = await self._emulator.policy(arn)
        if policy is None:
            raise AwsError("NoSuchEntity", f"Policy {arn} was not found.")
        if policy.attachments:
            raise AwsError("DeleteConflict", "Cannot delete a policy attached to entities.")
        if await self._emulator.versions(arn) > 1:
            raise AwsError(
                "DeleteConflict",
                "This policy has more than one version. Before you delete a policy, you must delete the "
                "policy's versions. The default version is deleted with the policy.",
            )

    async def _delete_version(self, params: Params) -> None:
        own(params, "delete policy versions for policies")

    async def _set_default_version(self, params: Params) -> None:
        own(params, "set the default policy version for policies")

    async def _create_provider(self, params: Params) -> None:
        check_provider(params)
        most = self._settings.quota("OpenIdConnectProvidersPerAccount")
        if await self._emulator.provider_count() >= most:
            raise AwsError(
                "LimitExceeded", f"Cannot exceed quota for OpenIdConnectProvidersPerAccount: {most}"
            )

    async def _create_profile(self, _: Params) -> None:
        most = self._settings.quota("InstanceProfilesPerAccount")
        if await self._emulator.profile_count() >= most:
            raise AwsError("LimitExceeded", f"Cannot exceed quota for InstanceProfilesPerAccount: {most}")

    async def _role(self, params: Params) -> tuple[str, ...]:
        """Return the keys of the role's tags. For a missing role, the emulator returns the error."""
        role = await self._emulator.role(params.get("RoleName", ""))
        if role is None:
            raise no_role(params.get("RoleName", ""))
        return role.tag_keys

    async def _trust(self, document: str) -> None:
        principals = check_trust(document)
        if size(document) > TRUST_SIZE:
            raise AwsError("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {TRUST_SIZE}")
        for kind, value in principals:
            if not await self._exists(kind, value):
                raise invalid_principal(kind, value)

    async def _exists(self, kind: str, value: str) -> bool:
        account = value.split(":")[4] if value.count(":") >= 5 else ""
        if kind == "Federated":
            accepted = self._settings.unregistered_providers == "accepted"
            return (
                accepted
                or ":oidc-provider/" not in value
                or (await self._emulator.provider(value, account) is not None)
            )
        if kind != "AWS" or value == "*" or re.fullmatch(r"\d{12}", value):
            return True
        found = _IAM_ARN.fullmatch(value)
        if found is None:
            # The emulator cannot look up sessions and unique IDs, so they pass. Anything else does not exist.
            return re.fullmatch(r"arn:aws[a-z-]*:sts::\d{12}:.+|A[A-Z0-9]{15,127}", value) is not None
        if found["kind"] == "root" or found["name"] is None:
            return found["kind"] == "root"
        if found["kind"] == "user":
            return await self._emulator.has_user(found["name"], account)
        role = await self._emulator.role(found["name"], account)
        return role is not None and role.arn == value


def no_role(name: str) -> AwsError:
    """Return the error for a role that does not exist."""
    return AwsError("NoSuchEntity", f"The role with name {name} cannot be found.")


def own(params: Params, what: str) -> None:
    """Raise AwsError for an AWS managed policy. Recorded for the deletions."""
    if ":iam::aws:policy/" in params.get("PolicyArn", ""):
        raise AwsError("AccessDenied", f"Cannot {what} outside your own account.")
