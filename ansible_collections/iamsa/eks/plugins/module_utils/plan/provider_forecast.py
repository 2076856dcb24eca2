# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of an OIDC provider after steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..model.role import Provider
from ..model.steps.base import never
from ..model.steps.provider import (
    AddAudience,
    CreateProvider,
    DeleteProvider,
    ProviderStep,
    RemoveAudience,
    TagProvider,
    UntagProvider,
)


def forecast_provider(provider: Provider | None, arn: str, steps: Iterable[ProviderStep]) -> Provider | None:
    """The OIDC provider with this ARN after `steps`; None if it does not exist."""
    for step in steps:
        provider = _provider(provider or Provider(arn, ()), step)
    return provider


def _provider(provider: Provider, step: ProviderStep) -> Provider | None:  # noqa: PLR0911
    """Unlike a role's, a provider's tag keys are case-sensitive.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
    """
    tags = provider.tags
    match step:
        case CreateProvider():
            return replace(provider, audiences=step.audiences, tags=step.tags)
        case DeleteProvider():
            return None
        case AddAudience():
            return replace(provider, audiences=(*provider.audiences, step.audience))
        case RemoveAudience():
            kept = tuple(one for one in provider.audiences if one != step.audience)
            return replace(provider, audiences=kept)
        case TagProvider():
            return replace(provider, tags={**tags, **step.tags})
        case UntagProvider():
            return replace(provider, tags={key: tags[key] for key in tags if key not in step.keys})
        case _:
            return never(step)
