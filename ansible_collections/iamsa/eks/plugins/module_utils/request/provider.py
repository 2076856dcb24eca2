# SPDX-License-Identifier: GPL-3.0-or-later

"""The request for an OIDC provider, and its validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import InvalidValue
from ..identity.keys import DEFAULT_AUDIENCE
from ..model.provider import ProviderSpec
from ..model.values import check_audience, check_tag
from ..policy.limits import AUDIENCES_PER_PROVIDER, TAGS_PER_PROVIDER
from ..wording.text import Sentence
from .request import FieldNames


@dataclass(frozen=True)
class ProviderRequest:
    """The unchecked values of the options; `tags` are pairs of key and value, in the given order."""

    audiences: Sequence[str] = (DEFAULT_AUDIENCE,)
    purge_audiences: bool = False
    tags: Sequence[tuple[str, str]] = ()
    purge_tags: bool = False


def provider_spec(request: ProviderRequest, named: FieldNames) -> ProviderSpec:
    """Validate the request.

    Raises:
        InvalidValue: IAM does not allow an audience or a tag, there are too many, or there is no audience.
    """
    audiences, tags = named("audiences"), named("tags")
    wanted = tuple(dict.fromkeys(check_audience(audience, audiences) for audience in request.audiences))
    if not wanted:
        raise InvalidValue(
            audiences, "[]", "must not be empty", remedy=f"use {DEFAULT_AUDIENCE}, or omit the option"
        )
    _refuse_too_many(audiences, f"{len(wanted)} audiences", len(wanted), AUDIENCES_PER_PROVIDER)
    for key, value in request.tags:
        check_tag(key, value, tags)
    _refuse_too_many(tags, f"{len(request.tags)} tags", len(request.tags), TAGS_PER_PROVIDER)
    return ProviderSpec(wanted, request.purge_audiences, dict(request.tags), request.purge_tags)


def _refuse_too_many(name: Sentence, given: str, number: int, most: int) -> None:
    if number > most:
        problem = f"must be at most {most}, IAM's limit for a provider"
        raise InvalidValue(name, given, problem, remedy="remove some of them")
