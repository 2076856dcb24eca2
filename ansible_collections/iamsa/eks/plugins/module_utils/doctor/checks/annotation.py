# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of what the ServiceAccount's annotations say."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import excerpt
from ...identity.arn import parse_role_arn, role_arn_fault
from ...identity.keys import ANNOTATION_ROLE_ARN, ANNOTATION_STS_REGIONAL
from ...wording.text import Option
from ..evidence import Evidence
from . import doc_links
from .check import Check, Finding, create_command
from .restart import annotate
from .service_account import NO_IDENTITY

# As Go's strconv.ParseBool, which the webhook reads it with.
TRUE, FALSE = ("1", "t", "T", "true", "TRUE", "True"), ("0", "f", "F", "false", "FALSE", "False")

_FORCED = (Option("force_conflicts"),)


def annotation_missing(evidence: Evidence) -> Iterator[Finding]:
    if evidence.names_role:
        return
    what = "it is not annotated with a role, so its pods get none"
    if "associations" in evidence.unread:
        what += " unless a Pod Identity association, which could not be looked for, gives them one"
    yield Finding(what)


def annotation_malformed(evidence: Evidence) -> Iterator[Finding]:
    if evidence.chain.is_annotated and (fault := role_arn_fault(evidence.chain.named)):
        what = f"its annotation {ANNOTATION_ROLE_ARN} {fault}"
        yield Finding(f"{what}: {excerpt(evidence.chain.named)!r}" if evidence.chain.named else what, _FORCED)


def annotation_abroad(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    if not chain.elsewhere:
        return
    if evidence.exchange and not evidence.exchange.refusal:
        return
    arn, home = parse_role_arn(chain.named), chain.facts.home
    partition, account = (arn.partition, arn.account) if arn else ("", "")
    what = f"it names a role in account {account}, and the cluster is in {home.account}"
    if partition != home.partition:
        what = f"it names a role in partition {partition}, and the cluster is in {home.partition}"
    # Without a sign of a mistake it may be meant: an exchange of a token then tells whether it works.
    if evidence.own_role or partition != home.partition:
        yield Finding(what, (Option("role_name", chain.default_role), *_FORCED))


def annotation_differs(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    if chain.role and not chain.elsewhere and chain.named != chain.role.arn:
        yield Finding(f"it is annotated with {chain.named}, not with {chain.role.arn}", _FORCED)


def sts_endpoint_global(evidence: Evidence) -> Iterator[Finding]:
    annotations = evidence.chain.service_account.annotations if evidence.chain.service_account else {}
    text = annotations.get(ANNOTATION_STS_REGIONAL)
    if text is None or text in TRUE:
        return
    odd = "neither true nor false, and is ignored"
    what = "false: older SDKs in pods ask the global STS endpoint" if text in FALSE else odd
    change = f"{ANNOTATION_STS_REGIONAL}=true"
    yield Finding(f"{ANNOTATION_STS_REGIONAL} is {what}", remedy=annotate(evidence.chain.subject, change))


ANNOTATION_CHECKS = (
    Check(
        "annotation-present",
        "serviceAccount",
        "the annotation that names the role",
        NO_IDENTITY,
        "The webhook finds a pod's role in the annotation eks.amazonaws.com/role-arn of its ServiceAccount."
        " Helm and GitOps tools remove it where their manifest does not have it.",
        doc_links.ROLE,
        create_command() + " puts it back.",
        annotation_missing,
        after=("service-account-exists", "service-account-deleting", "workload-account"),
    ),
    Check(
        "annotation-form",
        "serviceAccount",
        "whether the annotation is the ARN of a role",
        "AWS says ValidationError or AccessDenied for a role that looks odd.",
        "The webhook puts whatever stands there into pods. A role's bare name, a space or an unfilled"
        " placeholder is not found out before a pod asks AWS.",
        doc_links.ROLE,
        create_command(Option("force_conflicts")) + " writes the role's ARN.",
        annotation_malformed,
        after=("annotation-present",),
    ),
    Check(
        "annotation-account",
        "serviceAccount",
        "whether the role is in the cluster's account",
        "AWS says AccessDenied or InvalidIdentityToken, and the role's account is another one.",
        "A role of another account needs an OIDC provider for this cluster's issuer over there. Often it is"
        " the ARN of another stage, copied.",
        doc_links.ROLE,
        create_command(Option("role_name", "ROLE"), Option("force_conflicts"))
        + " names the role of this account.",
        annotation_abroad,
        after=("cluster-context",),
    ),
    Check(
        "annotation-role",
        "serviceAccount",
        "whether the annotation is exactly the role's ARN",
        "AWS says AccessDenied although a role of that name exists.",
        "A role's ARN has its path in it, and AWS compares it letter by letter. Without the path it is the"
        " ARN of a role that does not exist.",
        doc_links.ROLE,
        create_command(Option("force_conflicts")) + " writes the role's ARN.",
        annotation_differs,
        needs=("role",),
        after=("annotation-form", "annotation-account", "role-exists"),
    ),
    Check(
        "sts-endpoint",
        "serviceAccount",
        "which STS endpoint pods are told to use",
        "Calls to STS are slow, or fail in a VPC without a way out.",
        "The regional endpoint works through a VPC endpoint, in every partition. The global one exists in the"
        " aws partition alone, and regions that must be opted into reach it in us-east-1.",
        doc_links.STS_ENDPOINTS,
        "`kubectl annotate` sets it to true.",
        sts_endpoint_global,
        needs=("told",),
        after=("service-account-exists",),
        warns=True,
    ),
)
