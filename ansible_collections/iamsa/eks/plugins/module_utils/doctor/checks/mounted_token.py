# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the token that the webhook mounts into pods: its audience, and how long it is valid.

Source: https://github.com/aws/amazon-eks-pod-identity-webhook/blob/master/pkg/cache/cache.go
"""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import excerpt
from ...identity.keys import ANNOTATION_AUDIENCE, ANNOTATION_TOKEN_EXPIRATION, DEFAULT_AUDIENCE
from ...model.pods import Pod
from ...model.token_life import (
    ACCEPTED_EXPIRATION,
    LEAST_EXPIRATION,
    MOST_EXPIRATION,
    is_usual,
    refused_expiration,
)
from ...model.values import is_audience
from ...trust.explain import trust_faults
from ...wording.text import Option
from ..evidence import Evidence
from . import doc_links
from .check import Check, Finding
from .restart import annotate, removed

# Whom a token is for that names no audience.
API_SERVER = "the API server itself"


def audience_malformed(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    annotations = chain.service_account.annotations if chain.service_account else {}
    audience = annotations.get(ANNOTATION_AUDIENCE)
    if audience is None or is_audience(audience):
        return
    what = f"{ANNOTATION_AUDIENCE} is {excerpt(audience)!r}, which no OIDC provider lists"
    if not audience:
        what = f"{ANNOTATION_AUDIENCE} is empty, so tokens are for {API_SERVER}"
    # A create that repairs something else contradicts the annotation too.
    yield Finding(
        what, (Option("force_conflicts"),), remedy=_set_audience(evidence, _accepted_audience(evidence))
    )


def audience_alone(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    annotations = chain.service_account.annotations if chain.service_account else {}
    audience, provider = annotations.get(ANNOTATION_AUDIENCE), chain.facts.provider
    if not audience or not provider or audience in provider.audiences:
        return
    if accepted := _accepted_audience(evidence):
        what = f"its tokens are for {audience}, and provider and trust policy take {accepted}"
        yield Finding(what, (Option("force_conflicts"),), remedy=_set_audience(evidence, accepted))


def audience_to_be(evidence: Evidence) -> str:
    """Whom tokens are for once what the annotation says wrongly is mended."""
    audience, provider = evidence.chain.audience, evidence.chain.facts.provider
    is_right = is_audience(audience)
    if is_right and provider and audience in provider.audiences:
        return audience
    return _accepted_audience(evidence) or (audience if is_right else DEFAULT_AUDIENCE)


def pods_refused(evidence: Evidence) -> Iterator[Finding]:
    subject, workload, key = evidence.chain.subject, evidence.workload, ANNOTATION_TOKEN_EXPIRATION
    why = f"so the API server refuses its pods: it allows at most {ACCEPTED_EXPIRATION} seconds"
    if text := refused_expiration(
        evidence.chain.service_account.annotations if evidence.chain.service_account else {}
    ):
        yield Finding(f"{key} is {text}, {why}", remedy=annotate(subject, f"{key}-"))
    if workload and (text := refused_expiration(workload.template.annotations)):
        pod = Pod(workload.namespace, workload.name, workload.template, "", workload.kind, workload.name)
        what = f"{key} in the template of {workload.word} is {text}, {why}"
        yield removed(pod, what, "metadata", "annotations", key)


def expiration_odd(evidence: Evidence) -> Iterator[Finding]:
    annotations = evidence.chain.service_account.annotations if evidence.chain.service_account else {}
    text = annotations.get(ANNOTATION_TOKEN_EXPIRATION)
    if text is None or is_usual(text):
        return
    key = ANNOTATION_TOKEN_EXPIRATION
    yield Finding(
        f"{key} is {excerpt(text)!r}, which is no number of seconds from {LEAST_EXPIRATION} to"
        f" {MOST_EXPIRATION}",
        remedy=annotate(evidence.chain.subject, f"{key}-"),
    )


def _accepted_audience(evidence: Evidence) -> str | None:
    """The audience that the role and the provider accept, if it is all that the tokens lack."""
    chain, provider = evidence.chain, evidence.chain.facts.provider
    lacking = trust_faults(chain.role.trust, chain.grant).mismatches if chain.role else {}
    audience = lacking.get("audience") if set(lacking) == {"audience"} else None
    return audience if provider and audience in provider.audiences else None


def _set_audience(evidence: Evidence, audience: str | None) -> tuple[str, ...]:
    """The command after which tokens are for `audience`, by default the usual one."""
    is_default = audience in (None, DEFAULT_AUDIENCE)
    change = f"{ANNOTATION_AUDIENCE}-" if is_default else f"{ANNOTATION_AUDIENCE}={audience}"
    return annotate(evidence.chain.subject, change)


MOUNTED_TOKEN_CHECKS = (
    Check(
        "audience-form",
        "serviceAccount",
        "whether the audience annotation names an audience",
        "AWS says InvalidIdentityToken: incorrect token audience.",
        "The webhook uses whatever eks.amazonaws.com/audience says. An empty value makes tokens for the API"
        " server, and one with spaces or a placeholder is not in any provider's list.",
        doc_links.ROLE,
        "`kubectl annotate` removes the annotation, or sets the audience that the role accepts.",
        audience_malformed,
        needs=("told",),
        after=("service-account-exists",),
    ),
    Check(
        "annotation-audience",
        "serviceAccount",
        "whether tokens are for the audience that the role and the provider take",
        "AWS says InvalidIdentityToken: incorrect token audience.",
        "The annotation eks.amazonaws.com/audience changes whom pods' tokens are for. Role and provider agree"
        " on another audience, so the annotation is what is odd.",
        doc_links.ROLE,
        "`kubectl annotate` takes the annotation away.",
        audience_alone,
        needs=("role", "provider", "told"),
        after=("service-account-exists", "audience-form"),
    ),
    Check(
        "token-expiration-limit",
        "serviceAccount",
        "whether the API server accepts pods with tokens that are valid for so long",
        "No pod can be created: spec.volumes: expirationSeconds: Invalid value.",
        "The webhook asks for a token that is valid for as long as eks.amazonaws.com/token-expiration says."
        " The API server refuses a pod that asks for more than 4294967296 seconds.",
        doc_links.POD,
        "`kubectl annotate` removes the annotation, or `kubectl patch` removes it from the pods' template.",
        pods_refused,
        needs=("told",),
        after=("service-account-exists",),
    ),
    Check(
        "token-expiration",
        "serviceAccount",
        "how long tokens are good for",
        "Tokens live longer or shorter than was asked for.",
        "The webhook ignores what is no number, raises what is below 600 seconds, and EKS cuts what is above"
        " a day. Nobody is told.",
        doc_links.POD,
        "`kubectl annotate` takes the annotation away.",
        expiration_odd,
        needs=("told",),
        after=("service-account-exists", "token-expiration-limit"),
        warns=True,
    ),
)
