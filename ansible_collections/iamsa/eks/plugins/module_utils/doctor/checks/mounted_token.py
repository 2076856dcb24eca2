# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the audience and the expiration of the token that the webhook mounts into pods.

Source: https://github.com/aws/amazon-eks-pod-identity-webhook/blob/master/pkg/cache/cache.go
"""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import excerpt, quoted
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
from . import doc_links, symptoms
from .check import Check, Finding
from .restart import annotate, removed

# The audience of a token that is requested without one.
API_SERVER = "the API server"


def audience_malformed(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    annotations = chain.service_account.annotations if chain.service_account else {}
    audience = annotations.get(ANNOTATION_AUDIENCE)
    if audience is None or is_audience(audience):
        return
    what = f"{ANNOTATION_AUDIENCE} is {quoted(excerpt(audience))}, which is not a valid audience"
    if not audience:
        what = f"{ANNOTATION_AUDIENCE} is empty, so the audience of tokens is {API_SERVER}"
    # A create for another finding conflicts with the annotation too.
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
        what = f"{ANNOTATION_AUDIENCE} is {quoted(audience)}, but provider and role accept {quoted(accepted)}"
        yield Finding(what, (Option("force_conflicts"),), remedy=_set_audience(evidence, accepted))


def audience_to_be(evidence: Evidence) -> str:
    """The audience of tokens after a wrong annotation is fixed."""
    audience, provider = evidence.chain.audience, evidence.chain.facts.provider
    is_right = is_audience(audience)
    if is_right and provider and audience in provider.audiences:
        return audience
    return _accepted_audience(evidence) or (audience if is_right else DEFAULT_AUDIENCE)


def pods_refused(evidence: Evidence) -> Iterator[Finding]:
    subject, workload, key = evidence.chain.subject, evidence.workload, ANNOTATION_TOKEN_EXPIRATION
    why = f"so the API server rejects pods: it allows at most {ACCEPTED_EXPIRATION} seconds"
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
        f"{key} is {quoted(excerpt(text))}; it must be a number of seconds from {LEAST_EXPIRATION} to"
        f" {MOST_EXPIRATION}",
        remedy=annotate(evidence.chain.subject, f"{key}-"),
    )


def _accepted_audience(evidence: Evidence) -> str | None:
    """The audience that the role and the provider accept, if only the audience of tokens is wrong."""
    chain, provider = evidence.chain, evidence.chain.facts.provider
    lacking = trust_faults(chain.role.trust, chain.grant).mismatches if chain.role else {}
    audience = lacking.get("audience") if set(lacking) == {"audience"} else None
    return audience if provider and audience in provider.audiences else None


def _set_audience(evidence: Evidence, audience: str | None) -> tuple[str, ...]:
    """The command that sets the audience of tokens; None means the default one."""
    is_default = audience in (None, DEFAULT_AUDIENCE)
    change = f"{ANNOTATION_AUDIENCE}-" if is_default else f"{ANNOTATION_AUDIENCE}={audience}"
    return annotate(evidence.chain.subject, change)


MOUNTED_TOKEN_CHECKS = (
    Check(
        "audience-form",
        "serviceAccount",
        "the audience annotation is valid",
        symptoms.WRONG_AUDIENCE,
        "The webhook requests tokens for the audience in the annotation eks.amazonaws.com/audience without"
        " validating it. An empty value means the API server, and no OIDC provider accepts a value with"
        " spaces or an unresolved placeholder.",
        doc_links.ROLE,
        f"Run `kubectl annotate serviceaccount NAME {ANNOTATION_AUDIENCE}-` to remove the annotation, or set"
        " the audience that the role accepts.",
        audience_malformed,
        needs=("told",),
        after=("service-account-exists",),
    ),
    Check(
        "annotation-audience",
        "serviceAccount",
        "the audience annotation matches the role and the OIDC provider",
        symptoms.WRONG_AUDIENCE,
        "The annotation eks.amazonaws.com/audience changes the audience of the pods' tokens. The role and the"
        " OIDC provider accept another audience, so the annotation is probably wrong.",
        doc_links.ROLE,
        f"Run `kubectl annotate serviceaccount NAME {ANNOTATION_AUDIENCE}-` to remove it.",
        audience_alone,
        needs=("role", "provider", "told"),
        after=("service-account-exists", "audience-form"),
    ),
    Check(
        "token-expiration-limit",
        "serviceAccount",
        "the API server accepts the token expiration",
        symptoms.INVALID_EXPIRATION,
        "The webhook requests tokens with the expiration in the annotation"
        " eks.amazonaws.com/token-expiration. The API server rejects pods that request more than 4294967296"
        " seconds.",
        doc_links.POD,
        f"Run `kubectl annotate serviceaccount NAME {ANNOTATION_TOKEN_EXPIRATION}-`, or remove the annotation"
        " from the pod template.",
        pods_refused,
        needs=("told",),
        after=("service-account-exists",),
    ),
    Check(
        "token-expiration",
        "serviceAccount",
        "tokens expire when the annotation says",
        symptoms.TOKEN_LIFE,
        "The webhook ignores values that are not a number and raises values below 600 seconds, and EKS limits"
        " tokens to one day. None of them reports an error.",
        doc_links.POD,
        f"Run `kubectl annotate serviceaccount NAME {ANNOTATION_TOKEN_EXPIRATION}-` to remove it.",
        expiration_odd,
        needs=("told",),
        after=("service-account-exists", "token-expiration-limit"),
        warns=True,
    ),
)
