"""The actions, resources and condition keys of an IAM or STS call, for authorization.

Service Authorization Reference: "Actions, resources, and condition keys for AWS Identity and Access
Management (IAM)". IAM User Guide: "AWS global condition context keys": aws:ResourceTag also exists "in
requests that create a resource with an attached tag". Karpenter depends on that to be allowed
iam:TagInstanceProfile for instance profiles that it creates with tags. No source says the same of
iam:ResourceTag, so here only existing tags of a role or user have that key.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree

from pocket_eks.gate.authorization_eks import EksQuestions
from pocket_eks.gate.authorization_policy import Question
from pocket_eks.gate.config import Config
from pocket_eks.gate.constraints import removed_keys, tags_of
from pocket_eks.gate.emulator import Emulator
from pocket_eks.gate.message import Named, Request

Tags = list[tuple[str, str]]
ENTITIES = {
    "InstanceProfileName": ("InstanceProfile", "instance-profile"),
    "RoleName": ("Role", "role"),
    "UserName": ("User", "user"),
    "GroupName": ("Group", "group"),
}
"""IAM's name and the ARN's resource type of what a parameter names; of two parameters the first counts."""

ROLES_BY_ARN = {"sts:AssumeRole": "RoleArn", "iam:SimulatePrincipalPolicy": "PolicySourceArn"}
"""Actions that name a role by its ARN, and the parameter that does."""

TAGGED_WHEN_CREATED = {
    "iam:CreateInstanceProfile": "iam:TagInstanceProfile",
    "iam:CreateOpenIDConnectProvider": "iam:TagOpenIDConnectProvider",
    "iam:CreatePolicy": "iam:TagPolicy",
    "iam:CreateRole": "iam:TagRole",
    "iam:CreateUser": "iam:TagUser",
}
"""The action that is needed besides where the call has tags."""

KINDS = {
    "Group": "group",
    "InstanceProfile": "instance profile",
    "Policy": "policy",
    "Role": "role",
    "User": "user",
}
"""The word for a thing before its name in a refusal (recorded for roles and policies)."""

TOLD_BY_ARN = frozenset(
    (
        "iam:CreateRole",
        "iam:ListRoleTags",
        "iam:PassRole",
        "iam:SimulatePrincipalPolicy",
        "iam:TagPolicy",
        "iam:TagRole",
        "iam:UntagPolicy",
        "iam:UntagRole",
        "sts:AssumeRole",
    )
)
"""Actions whose refusals have the ARN of a role or policy (recorded for four of them)."""

BOUNDED = frozenset(
    f"iam:{verb}{kind}{what}"
    for kind in ("Role", "User")
    for verb, what in (
        ("Attach", "Policy"),
        ("Delete", "PermissionsBoundary"),
        ("Delete", "Policy"),
        ("Detach", "Policy"),
        ("Put", "Policy"),
    )
) | {"iam:DeleteRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"}
"""Actions whose iam:PermissionsBoundary is the boundary that the role or user has; where the call sets a
boundary, it is that one."""


@dataclass(frozen=True)
class Thing:
    """A resource: its ARN or `*`, and the tags and the permissions boundary of an existing one."""

    arn: str
    tags: Tags
    boundary: str = ""
    kind: str = ""


class Questions:
    """Returns the questions of a call. Reads existing resources without the log, faults and limits."""

    def __init__(self, config: Config, emulator: Emulator, eks: EksQuestions) -> None:
        self._config = config
        self._emulator = emulator
        self._eks = eks

    async def of(self, request: Request, named: Named) -> list[Question]:
        """Return the questions. The call is allowed if all of them are."""
        if named.service == "eks":
            return await self._eks.of(request, named)
        thing = await self._thing(named)
        context = context_of(named, thing)
        actions = [named.action]
        if tags_of(named.params) and named.action in TAGGED_WHEN_CREATED:
            actions.append(TAGGED_WHEN_CREATED[named.action])
        return [Question(action, thing.arn, context, told(action, thing)) for action in actions]

    async def _thing(self, named: Named) -> Thing:
        params = named.params
        if named.action in ROLES_BY_ARN:
            arn = params.get(ROLES_BY_ARN[named.action], "")
            role = await self._entity("Role", "role", arn.rpartition("/")[2])
            return Thing(arn, role.tags if role.arn == arn else [], kind="Role")
        for parameter, (entity, kind) in ENTITIES.items():
            if parameter in params and named.action != f"iam:Create{entity}":
                return await self._entity(entity, kind, params[parameter])
        for entity in ("OpenIDConnectProvider", "Policy"):
            if f"{entity}Arn" in params:
                return await self._by_arn(entity, params[f"{entity}Arn"])
        return self._new(named.action, params)

    def _new(self, action: str, params: dict[str, str]) -> Thing:
        """Return the resource that a call creates, or `*` if the call has no single resource."""
        if action == "iam:CreateOpenIDConnectProvider":
            url = params.get("Url", "").removeprefix("https://")
            return Thing(self._arn("oidc-provider", "/" + url), tags_of(params))
        named_by = {**ENTITIES, "PolicyName": ("Policy", "policy")}
        for parameter, (entity, kind) in named_by.items():
            if action == f"iam:Create{entity}":
                path = params.get("Path", "/") + params.get(parameter, "")
                return Thing(self._arn(kind, path), tags_of(params), kind=entity)
        if action == "iam:ListRoles":
            return Thing(self._arn("role", params.get("PathPrefix", "/")), [])
        if action == "iam:ListOpenIDConnectProviders":
            return Thing(self._arn("oidc-provider", "/*"), [])
        return Thing("*", [])

    async def _entity(self, entity: str, kind: str, name: str) -> Thing:
        found = await self._emulator.call(f"Get{entity}", **{f"{entity}Name": name})
        element = None if found is None else found.find(f"./{{*}}Get{entity}Result/{{*}}{entity}")
        if element is None:
            return Thing(self._arn(kind, "/" + name), [], kind=entity)
        boundary = element.findtext("./{*}PermissionsBoundary/{*}PermissionsBoundaryArn") or ""
        return Thing(element.findtext("./{*}Arn") or "", tags_in(element), boundary, entity)

    async def _by_arn(self, entity: str, arn: str) -> Thing:
        found = await self._emulator.call(f"Get{entity}", **{f"{entity}Arn": arn})
        element = None if found is None else found.find(f"./{{*}}Get{entity}Result")
        if element is not None and entity == "Policy":
            element = element.find("./{*}Policy")
        return Thing(arn, [] if element is None else tags_in(element), kind=entity)

    def _arn(self, kind: str, path: str) -> str:
        return f"arn:{self._config.partition}:iam::{self._config.account}:{kind}{path}"


def told(action: str, thing: Thing) -> str:
    """Return the resource as error messages name it if they do not use its ARN, else ""."""
    if action in TOLD_BY_ARN or thing.kind not in KINDS:
        return ""
    is_new = action.startswith("iam:Create")
    name = thing.arn if thing.kind == "Policy" and not is_new else thing.arn.rpartition("/")[2]
    return f"{KINDS[thing.kind]} {name}"


def context_of(named: Named, thing: Thing) -> dict[str, list[str]]:
    """Return the condition keys, in lower case."""
    params = named.params
    asked = tags_of(params)
    context = {f"aws:requesttag/{key}".lower(): [value] for key, value in asked}
    keys = [key for key, _ in asked] + removed_keys(params)
    if keys:
        context["aws:tagkeys"] = keys
    context |= {f"aws:resourcetag/{key}".lower(): [value] for key, value in thing.tags}
    if thing.kind in ("Role", "User") and not named.action.startswith("iam:Create"):
        context |= {f"iam:resourcetag/{key}".lower(): [value] for key, value in thing.tags}
    boundary = thing.boundary if named.action in BOUNDED else params.get("PermissionsBoundary")
    if boundary:
        context["iam:permissionsboundary"] = [boundary]
    if "PolicyArn" in params and thing.kind != "Policy":
        context["iam:policyarn"] = [params["PolicyArn"]]
    return context


def tags_in(element: ElementTree.Element) -> Tags:
    """Return the tags of an entity in an answer of IAM."""
    members = element.iterfind("./{*}Tags/{*}member")
    return [(one.findtext("./{*}Key") or "", one.findtext("./{*}Value") or "") for one in members]
