"""IAM's limits, which the emulator does not keep (IAM User Guide: "IAM and AWS STS quotas").

Messages that users reported: "Cannot exceed quota for ACLSizePerRole"
(kubernetes-sigs/aws-load-balancer-controller#2718), "… for PoliciesPerRole", "… for PolicySize"
(ministryofjustice/cloud-platform-environments#14118, #14473), "Maximum policy size of 10240 bytes exceeded
for role …" (awslabs/aws-deployment-framework#474), "Policy … does not exist or is not attachable." (many).
No source: "Scope ARN: …" of a missing boundary, "ARN … is not valid.", "The number of tags …" (other
emulators say so), and that IAM looks whether a trusted OIDC provider is registered: strictness of the gate's.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from pocket_eks.gate import constraints
from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.documents import check_identity, check_trust, invalid_principal, size
from pocket_eks.gate.emulator import Emulator

TRUST_SIZE = 2048
INLINE_SIZE = 10240
MANAGED_SIZE = 6144
ATTACHED = 10
TAGS = 50

Params = dict[str, str]
_IAM_ARN = re.compile(
    r"arn:aws[a-z-]*:iam::(?P<account>\d{12}):(?P<kind>role|user|root)(?:/(?:.*/)?(?P<name>[^/]+))?"
)


class Limits:
    """The checks of one account: of the parameters, whatever the action, and then of the action."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._spelling: dict[str, str] | None = None
        self._checks: dict[str, Callable[[Params], Awaitable[None]]] = {
            "iam:CreateRole": self._create_role,
            "iam:UpdateAssumeRolePolicy": self._update_trust,
            "iam:PutRolePolicy": self._put_role_policy,
            "iam:AttachRolePolicy": self._attach,
            "iam:PutRolePermissionsBoundary": self._boundary,
            "iam:TagRole": self._tag_role,
            "iam:CreatePolicy": self._policy_version,
            "iam:CreatePolicyVersion": self._policy_version,
        }

    async def check(self, action: str, params: Params) -> None:
        """Return if the call is within the limits; raises AwsError."""
        if "RoleName" in params:
            constraints.name("roleName", params["RoleName"], 64)
        if "PolicyName" in params:
            constraints.name("policyName", params["PolicyName"], 128)
        if "Path" in params:
            constraints.path(params["Path"])
        if "Description" in params:
            constraints.description(params["Description"])
        if "MaxSessionDuration" in params:
            constraints.session_length(params["MaxSessionDuration"])
        constraints.tags(tags_of(params))
        check = self._checks.get(action)
        if check is not None:
            await check(params)

    async def _create_role(self, params: Params) -> None:
        await self._trust("assumeRolePolicyDocument", params.get("AssumeRolePolicyDocument", ""))
        if "PermissionsBoundary" in params:
            await self._boundary(params)
        name = params.get("RoleName", "")
        if await self._taken(name):
            raise AwsError("EntityAlreadyExists", f"Role with name {name} already exists.")

    async def _taken(self, name: str) -> bool:
        # Listing a thousand roles takes the emulator 0.1 s: the names are listed once, and a name that was
        # seen counts only if its role is still there.
        if self._spelling is None:
            self._spelling = {one.lower(): one for one in await self._emulator.role_names()}
        seen = self._spelling.get(name.lower())
        if seen is not None and await self._emulator.role(seen) is not None:
            return True
        self._spelling[name.lower()] = name
        return False

    async def _update_trust(self, params: Params) -> None:
        await self._role(params)
        await self._trust("policyDocument", params.get("PolicyDocument", ""))

    async def _put_role_policy(self, params: Params) -> None:
        document = params.get("PolicyDocument", "")
        constraints.document("policyDocument", document)
        await self._role(params)
        check_identity(document)
        others = await self._emulator.inline(params["RoleName"])
        others.pop(params.get("PolicyName", ""), None)
        if sum(map(size, others.values())) + size(document) > INLINE_SIZE:
            raise AwsError(
                "LimitExceeded",
                f"Maximum policy size of {INLINE_SIZE} bytes exceeded for role {params['RoleName']}",
            )

    async def _attach(self, params: Params) -> None:
        constraints.policy_arn("policyArn", params.get("PolicyArn", ""))
        await self._role(params)
        attached = await self._emulator.attached(params["RoleName"])
        if params["PolicyArn"] not in attached and len(attached) >= ATTACHED:
            raise AwsError("LimitExceeded", f"Cannot exceed quota for PoliciesPerRole: {ATTACHED}")
        if not await self._emulator.has_policy(params["PolicyArn"]):
            raise AwsError(
                "NoSuchEntity", f"Policy {params['PolicyArn']} does not exist or is not attachable."
            )

    async def _boundary(self, params: Params) -> None:
        arn = params.get("PermissionsBoundary", "")
        constraints.policy_arn("permissionsBoundary", arn)
        if not await self._emulator.has_policy(arn):
            raise AwsError("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.")

    async def _tag_role(self, params: Params) -> None:
        there = await self._role(params)
        given = {key.lower() for key, _ in tags_of(params)}
        if len(given | {key.lower() for key in there}) > TAGS:
            raise AwsError("LimitExceeded", "The number of tags has reached the maximum limit.")
        # IAM takes a key of another case for the same key and keeps the new spelling.
        exact = {key for key, _ in tags_of(params)}
        respelled = [key for key in there if key.lower() in given and key not in exact]
        if respelled:
            keys = {f"TagKeys.member.{number}": key for number, key in enumerate(respelled, 1)}
            await self._emulator.call("UntagRole", RoleName=params["RoleName"], **keys)

    async def _policy_version(self, params: Params) -> None:
        document = params.get("PolicyDocument", "")
        constraints.document("policyDocument", document)
        check_identity(document)
        if size(document) > MANAGED_SIZE:
            raise AwsError("LimitExceeded", f"Cannot exceed quota for PolicySize: {MANAGED_SIZE}")

    async def _role(self, params: Params) -> tuple[str, ...]:
        """The role's tag keys; a role that is missing is the emulator's to refuse, but in IAM's words."""
        role = await self._emulator.role(params.get("RoleName", ""))
        if role is None:
            raise no_role(params.get("RoleName", ""))
        return role.tag_keys

    async def _trust(self, member: str, document: str) -> None:
        constraints.document(member, document)
        principals = check_trust(document)
        if size(document) > TRUST_SIZE:
            raise AwsError("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {TRUST_SIZE}")
        for kind, value in principals:
            if not await self._exists(kind, value):
                raise invalid_principal(kind, value)

    async def _exists(self, kind: str, value: str) -> bool:
        account = value.split(":")[4] if value.count(":") >= 5 else ""
        if kind == "Federated":
            return ":oidc-provider/" not in value or (
                await self._emulator.provider(value, account) is not None
            )
        if kind != "AWS" or value == "*" or re.fullmatch(r"\d{12}", value):
            return True
        found = _IAM_ARN.fullmatch(value)
        if found is None:
            # Sessions and unique IDs, which the emulator has no way to look up, pass; anything else is none.
            return re.fullmatch(r"arn:aws[a-z-]*:sts::\d{12}:.+|A[A-Z0-9]{15,127}", value) is not None
        if found["kind"] == "root" or found["name"] is None:
            return found["kind"] == "root"
        if found["kind"] == "user":
            return await self._emulator.has_user(found["name"], account)
        role = await self._emulator.role(found["name"], account)
        return role is not None and role.arn == value


def no_role(name: str) -> AwsError:
    """The role is not there."""
    return AwsError("NoSuchEntity", f"The role with name {name} cannot be found.")


def tags_of(params: Params) -> list[tuple[str, str]]:
    """The tags of a query-protocol request, in order."""
    found: list[tuple[str, str]] = []
    number = 1
    while (key := params.get(f"Tags.member.{number}.Key")) is not None:
        found.append((key, params.get(f"Tags.member.{number}.Value", "")))
        number += 1
    return found
