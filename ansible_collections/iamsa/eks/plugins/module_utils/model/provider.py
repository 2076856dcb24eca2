# SPDX-License-Identifier: GPL-3.0-or-later

"""An IAM OIDC provider for itself: what is wanted of it, what is there, and what came of a run.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import InvalidValue, excerpt
from ..identity.account import RoleHome
from ..identity.cluster import host_and_path
from ..identity.keys import DEFAULT_AUDIENCE
from ..policy.equality import Document
from ..trust.statements import statements_of
from ..wording.text import Sentence
from .role import Provider
from .steps.provider import ProviderStep

_LONGEST_URL = 255
_ISSUER = re.compile(r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?:/[!-.0-~]+)*", re.ASCII)


@dataclass(frozen=True)
class ProviderSpec:
    """The provider as the user asks for it: audiences and tags are added, or with a purge exactly these."""

    audiences: tuple[str, ...] = (DEFAULT_AUDIENCE,)
    purges_audiences: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    purges_tags: bool = False


@dataclass(frozen=True)
class ProviderFacts:
    """What is there for one issuer. `trusting` are names of roles, read only where they are asked about."""

    issuer: str
    home: RoleHome
    provider: Provider | None
    trusting: tuple[str, ...] = ()

    @property
    def arn(self) -> str:
        """The ARN that the provider has, or would have."""
        return self.home.provider_arn(self.issuer)


@dataclass(frozen=True)
class ProviderOutcome:
    """What was there, what is there after a run or would be, and the steps in between."""

    issuer: str
    before: Provider | None
    provider: Provider | None
    steps: tuple[ProviderStep, ...]
    notices: tuple[Sentence, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.steps)


def check_issuer_url(value: str, field: str) -> str:
    """An issuer as IAM takes it: https, host and path; no port, no query."""
    if len(value) > _LONGEST_URL:
        problem = f"has {len(value)} characters, and IAM allows {_LONGEST_URL}"
        raise InvalidValue(field, excerpt(value), problem, remedy="shorten it")
    if _ISSUER.fullmatch(value) and not set("?#@") & set(value):
        return value
    mended = f"https://{host_and_path(value.strip().removeprefix('http://'))}"
    remedy = "write one such as https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE"
    if _ISSUER.fullmatch(mended) and not set("?#@") & set(mended):
        remedy = f"write {excerpt(mended)!r}"
    raise InvalidValue(field, excerpt(value), "is not the URL of an OIDC issuer", remedy=remedy)


def issuer_of(provider_arn: str) -> str:
    """The issuer's URL that a provider's ARN spells."""
    return f"https://{provider_arn.partition('oidc-provider/')[2]}"


def lets_in(trust: Document, provider_arn: str) -> bool:
    """Whether a role's trust policy lets holders of this provider's tokens in, under whatever conditions."""
    return any(
        statement.get("Effect") == "Allow" and provider_arn in _federated(statement.get("Principal"))
        for statement in statements_of(trust)
        if isinstance(statement, Mapping)
    )


def _federated(principal: Any) -> list[Any]:
    named = principal.get("Federated", ()) if isinstance(principal, Mapping) else ()
    return [named] if isinstance(named, str) else list(named)
