# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked of an OIDC provider, as the user said it, and the checks of it."""

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
    """The values of the options, unchecked; `tags` are keys and values, in the order they were given."""

    audiences: Sequence[str] = (DEFAULT_AUDIENCE,)
    purge_audiences: bool = False
    tags: Sequence[tuple[str, str]] = ()
    purge_tags: bool = False


def provider_spec(request: ProviderRequest, named: FieldNames) -> ProviderSpec:
    """Check what was asked.

    Raises:
        InvalidValue: an audience or a tag that IAM does not take, or none or too many of them.
    """
    audiences, tags = named("audiences"), named("tags")
    wanted = tuple(dict.fromkeys(check_audience(audience, audiences) for audience in request.audiences))
    if not wanted:
        raise InvalidValue(
            audiences, "[]", "is empty", remedy=f"give one such as {DEFAULT_AUDIENCE}, or leave it out"
        )
    _refuse_too_many(audiences, f"{len(wanted)} audiences", len(wanted), AUDIENCES_PER_PROVIDER)
    for key, value in request.tags:
        check_tag(key, value, tags)
    _refuse_too_many(tags, f"{len(request.tags)} tags", len(request.tags), TAGS_PER_PROVIDER)
    return ProviderSpec(wanted, request.purge_audiences, dict(request.tags), request.purge_tags)


def _refuse_too_many(name: Sentence, given: str, number: int, most: int) -> None:
    if number > most:
        problem = f"are too many: IAM allows {most} a provider"
        raise InvalidValue(name, given, problem, remedy=f"give at most {most}")
