# SPDX-License-Identifier: GPL-3.0-or-later

"""An IAM OIDC provider on its own: the request, the current state and the result of a run.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import InvalidValue, excerpt, quoted
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
    """The requested provider. Audiences and tags are added; if purged, all others are removed."""

    audiences: tuple[str, ...] = (DEFAULT_AUDIENCE,)
    purges_audiences: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    purges_tags: bool = False


@dataclass(frozen=True)
class ProviderFacts:
    """The current state for one issuer; `provider` is None if it does not exist.

    `trusting` are the names of roles that trust the provider, if they were read.
    """

    issuer: str
    home: RoleHome
    provider: Provider | None
    trusting: tuple[str, ...] = ()

    @property
    def arn(self) -> str:
        """The ARN of the provider, whether or not it exists."""
        return self.home.provider_arn(self.issuer)


@dataclass(frozen=True)
class ProviderOutcome:
    """The provider before and after a run or dry run, and the steps between; None: it does not exist."""

    issuer: str
    before: Provider | None
    provider: Provider | None
    steps: tuple[ProviderStep, ...]
    notices: tuple[Sentence, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.steps)


def check_issuer_url(value: str, field: str) -> str:
    """`value`, if IAM accepts it as an issuer: https, host and path, without port and query.

    Raises InvalidValue.
    """
    if len(value) > _LONGEST_URL:
        problem = f"must be at most {_LONGEST_URL} characters, got {len(value)}"
        raise InvalidValue(field, excerpt(value), problem, remedy="shorten it")
    if _ISSUER.fullmatch(value) and not set("?#@") & set(value):
        return value
    corrected = f"https://{host_and_path(value.strip().removeprefix('http://'))}"
    remedy = "use a URL such as https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE"
    if _ISSUER.fullmatch(corrected) and not set("?#@") & set(corrected):
        remedy = f"use {quoted(excerpt(corrected))}"
    raise InvalidValue(field, excerpt(value), "must be the URL of an OIDC issuer", remedy=remedy)


def issuer_of(provider_arn: str) -> str:
    """The URL of the issuer in a provider's ARN."""
    return f"https://{provider_arn.partition('oidc-provider/')[2]}"


def lets_in(trust: Document, provider_arn: str) -> bool:
    """Whether a role's trust policy allows tokens of this provider, under any conditions."""
    return any(
        statement.get("Effect") == "Allow" and provider_arn in _federated(statement.get("Principal"))
        for statement in statements_of(trust)
        if isinstance(statement, Mapping)
    )


def _federated(principal: Any) -> list[Any]:
    named = principal.get("Federated", ()) if isinstance(principal, Mapping) else ()
    return [named] if isinstance(named, str) else list(named)
