"""The gate's own reads of the emulator's IAM, which its checks of calls need."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode
from xml.etree import ElementTree

from pocket_eks.gate.config import Config
from pocket_eks.gate.message import Answer, Request


@dataclass(frozen=True)
class Role:
    """A role from GetRole. `trust` is the document, `max_session` is in seconds, and `boundary` is an ARN."""

    arn: str
    role_id: str
    trust: dict[str, Any]
    max_session: int
    tags: tuple[tuple[str, str], ...]
    boundary: str = ""

    @property
    def tag_keys(self) -> tuple[str, ...]:
        """Return the keys of its tags."""
        return tuple(key for key, _ in self.tags)


@dataclass(frozen=True)
class Policy:
    """A managed policy; `attachments` is the number of its entities."""

    attachments: int


@dataclass(frozen=True)
class Provider:
    """An OIDC provider. `url` is host and path, and tags are (key, value)."""

    url: str
    client_ids: list[str]
    thumbprints: list[str]
    tags: list[tuple[str, str]]


class Emulator:
    """Calls directly to an emulator, current or some seconds behind: without log, faults and limits."""

    def __init__(self, send: Callable[[Request], Awaitable[Answer]], config: Config) -> None:
        self._send = send
        self._config = config

    async def call(self, action: str, account: str = "", **params: str) -> ElementTree.Element | None:
        """Return the XML answer of an IAM action, or None for 404. Raises RuntimeError for other errors."""
        headers = [
            (b"authorization", fake_authorization(self._config, "iam", account).encode()),
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"x-moto-account-id", (account or self._config.account).encode()),
        ]
        form = {"Action": action, "Version": "2010-05-08", **params}
        answer = await self._send(Request("POST", "/", b"/", headers, urlencode(form).encode()))
        if answer.status == 404:
            return None
        if answer.status >= 300:
            raise RuntimeError(f"{action}: the emulator answers {answer.status} {answer.body!r}")
        return ElementTree.fromstring(answer.body)

    async def role(self, name: str, account: str = "") -> Role | None:
        """Return a role by its exact name."""
        found = await self.call("GetRole", account, RoleName=name)
        if found is None:
            return None
        return Role(
            arn=text(found, "Arn"),
            role_id=text(found, "RoleId"),
            trust=json.loads(unquote(text(found, "AssumeRolePolicyDocument"))),
            max_session=int(text(found, "MaxSessionDuration") or 3600),
            tags=tuple(tags_of(found)),
            boundary=text(found, "PermissionsBoundaryArn"),
        )

    async def role_names(self) -> list[str]:
        """Return the names of all roles."""
        return await self._listed("ListRoles", "RoleName")

    async def attached(self, role: str) -> list[str]:
        """Return the ARNs of the managed policies that are attached to a role."""
        return await self._listed("ListAttachedRolePolicies", "PolicyArn", RoleName=role)

    async def inline(self, role: str) -> dict[str, str]:
        """Return the inline policies of a role: documents by name."""
        names = await self._listed("ListRolePolicies", "PolicyNames/{*}member", RoleName=role)
        documents: dict[str, str] = {}
        for name in names:
            found = await self.call("GetRolePolicy", RoleName=role, PolicyName=name)
            if found is not None:
                documents[name] = unquote(text(found, "PolicyDocument"))
        return documents

    async def policy(self, arn: str) -> Policy | None:
        """Return a managed policy, or None if it does not exist."""
        found = await self.call("GetPolicy", PolicyArn=arn)
        if found is None:
            return None
        return Policy(attachments=int(text(found, "AttachmentCount") or 0))

    async def versions(self, arn: str) -> int:
        """Return the number of versions of a managed policy."""
        return len(await self._listed("ListPolicyVersions", "VersionId", PolicyArn=arn))

    async def profile_count(self) -> int:
        """Return the number of instance profiles."""
        return len(await self._listed("ListInstanceProfiles", "InstanceProfileName"))

    async def provider_count(self) -> int:
        """Return the number of OIDC providers."""
        found = await self.call("ListOpenIDConnectProviders")
        return 0 if found is None else len(texts(found, "Arn"))

    async def policy_document(self, arn: str) -> str | None:
        """Return the default version of a managed policy, as text."""
        policy = await self.call("GetPolicy", PolicyArn=arn)
        if policy is None:
            return None
        version = text(policy, "DefaultVersionId")
        found = await self.call("GetPolicyVersion", PolicyArn=arn, VersionId=version)
        return None if found is None else unquote(text(found, "Document"))

    async def has_user(self, name: str, account: str) -> bool:
        """Return whether a user exists."""
        return await self.call("GetUser", account, UserName=name) is not None

    async def provider(self, arn: str, account: str = "") -> Provider | None:
        """Return an OIDC provider, or None if it does not exist."""
        found = await self.call("GetOpenIDConnectProvider", account, OpenIDConnectProviderArn=arn)
        if found is None:
            return None
        return Provider(
            url=text(found, "Url").removeprefix("https://"),
            client_ids=texts(found, "ClientIDList/{*}member"),
            thumbprints=texts(found, "ThumbprintList/{*}member"),
            tags=tags_of(found),
        )

    async def _listed(self, action: str, path: str, **params: str) -> list[str]:
        listed: list[str] = []
        marker: dict[str, str] = {}
        while True:
            found = await self.call(action, MaxItems="1000", **params, **marker)
            if found is None:
                return []
            listed += texts(found, path)
            if text(found, "IsTruncated") != "true":
                return listed
            marker = {"Marker": text(found, "Marker")}


def text(element: ElementTree.Element, tag: str) -> str:
    """Return the text of the first descendant of that name, or ""."""
    return element.findtext(f".//{{*}}{tag}") or ""


def texts(element: ElementTree.Element, path: str) -> list[str]:
    """Return the texts of all descendants at that path."""
    return [found.text or "" for found in element.iterfind(f".//{{*}}{path}")]


def tags_of(element: ElementTree.Element) -> list[tuple[str, str]]:
    """Return the tags in an answer about one resource."""
    keys, values = texts(element, "Tags/{*}member/{*}Key"), texts(element, "Tags/{*}member/{*}Value")
    return list(zip(keys, values, strict=True))


def fake_authorization(config: Config, service: str, account: str = "") -> str:
    """Return a SigV4 header that tells the emulator the service. The emulator checks no signature.

    Its access key ID is the account ID, which ministack reads as the account of the call.
    """
    scope = f"{account or config.account}/20200101/{config.region}/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
