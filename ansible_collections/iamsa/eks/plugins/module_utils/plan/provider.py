# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for an IAM OIDC provider on its own: pure.

Source: https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import Refused, ResourceRef
from ..identity.cluster import host_and_path
from ..model.provider import ProviderFacts, ProviderSpec
from ..model.role import Provider
from ..model.steps.provider import (
    AddAudience,
    CreateProvider,
    DeleteProvider,
    ProviderStep,
    RemoveAudience,
    TagProvider,
    UntagProvider,
)
from ..policy.limits import AUDIENCES_PER_PROVIDER, TAGS_PER_PROVIDER
from ..wording.text import Either, Option

# The number of roles that a refusal names; it counts the others.
_NAMED = 5


def presence_steps(spec: ProviderSpec, observed: ProviderFacts) -> tuple[ProviderStep, ...]:
    """The steps after which the provider exists as `spec` requests.

    Raises:
        Refused: it would have more audiences or tags than IAM allows.
    """
    provider = observed.provider
    if provider is None:
        return (CreateProvider(observed.issuer, spec.audiences, spec.tags),)
    return (*_audience_steps(spec, observed.issuer, provider), *_tag_steps(spec, observed.issuer, provider))


def absence_steps(observed: ProviderFacts, *, force: bool) -> tuple[ProviderStep, ...]:
    """The step that deletes the provider, if it exists.

    Raises:
        Refused: roles trust the provider, so their pods would lose access; `force` deletes it anyway.
    """
    provider = observed.provider
    if provider is None:
        return ()
    if observed.trusting and not force:
        raise Refused(
            f"the OIDC provider {provider.arn} is trusted by {_in_words(observed.trusting)}",
            remedy=Either(
                "delete the roles that are no longer used",
                "set " + Option("force") + " to delete the provider anyway",
            ),
            resource=provider_ref(observed.issuer),
        )
    return (DeleteProvider(observed.issuer),)


def provider_ref(issuer: str) -> ResourceRef:
    return ResourceRef("oidc-provider", host_and_path(issuer))


def _audience_steps(spec: ProviderSpec, issuer: str, provider: Provider) -> Iterator[ProviderStep]:
    """Additions first, so that pods always have an audience; removals first if IAM's limit requires it."""
    have = list(provider.audiences)
    new = [audience for audience in spec.audiences if audience not in have]
    old = [audience for audience in have if audience not in spec.audiences] if spec.purges_audiences else []
    total = len(have) - len(old) + len(new)
    _refuse_too_many(issuer, "audiences", total, AUDIENCES_PER_PROVIDER, Option("purge_audiences"))
    changes = [*((True, one) for one in new), *((False, one) for one in old)]
    if len(have) + len(new) > AUDIENCES_PER_PROVIDER:
        changes.sort()
    for is_new, audience in changes:
        yield AddAudience(issuer, audience) if is_new else RemoveAudience(issuer, audience)


def _tag_steps(spec: ProviderSpec, issuer: str, provider: Provider) -> Iterator[ProviderStep]:
    """Removals first, because of IAM's limit. A provider's tag keys are case-sensitive."""
    tags = provider.tags
    others = [key for key in tags if key not in spec.tags and not key.casefold().startswith("aws:")]
    gone = others if spec.purges_tags else []
    written = {key: value for key, value in spec.tags.items() if tags.get(key) != value}
    total = len(tags.keys() | written.keys()) - len(gone)
    _refuse_too_many(issuer, "tags", total, TAGS_PER_PROVIDER, Option("purge_tags"))
    if gone:
        yield UntagProvider(issuer, tuple(gone))
    if written:
        yield TagProvider(issuer, written)


def _refuse_too_many(issuer: str, what: str, total: int, most: int, purge: Option) -> None:
    if total > most:
        raise Refused(
            f"{provider_ref(issuer)} would have {total} {what}, and IAM allows at most {most}",
            remedy=Either(f"specify fewer {what}", "set " + purge + " to remove all others"),
            resource=provider_ref(issuer),
        )


def _in_words(roles: Sequence[str]) -> str:
    more = len(roles) - _NAMED
    named = ", ".join(roles[:_NAMED])
    return (
        f"role {named}" if len(roles) == 1 else f"roles {named}" + (f" and {more} more" if more > 0 else "")
    )
