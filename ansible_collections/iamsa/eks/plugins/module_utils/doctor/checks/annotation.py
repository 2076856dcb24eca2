# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the ServiceAccount's annotations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from ...errors import excerpt, quoted
from ...identity.arn import parse_role_arn, role_arn_fault
from ...identity.keys import ANNOTATION_ROLE_ARN, ANNOTATION_STS_REGIONAL, MANAGED_ANNOTATIONS
from ...wording.text import Option
from ..evidence import Evidence
from . import doc_links, symptoms
from .check import Check, Finding, create_command
from .restart import annotate

# The values of Go's strconv.ParseBool, with which the webhook reads the annotation.
TRUE, FALSE = ("1", "t", "T", "true", "TRUE", "True"), ("0", "f", "F", "false", "FALSE", "False")

_FORCED = (Option("force_conflicts"),)


def annotation_missing(evidence: Evidence) -> Iterator[Finding]:
    if evidence.names_role:
        return
    what = f"the annotation {ANNOTATION_ROLE_ARN} is missing, so pods get no role"
    if "associations" in evidence.unread:
        what += ", unless they get one from a Pod Identity association, which could not be read"
    service_account = evidence.chain.service_account
    alike = misspelled_keys(service_account.annotations if service_account else {})
    if not alike or not service_account:
        yield Finding(what)
        return
    what += f"; the similar annotation {', '.join(alike)} has no effect"
    meant = {service_account.annotations[key].strip() for key in alike}
    arn = meant.pop() if len(meant) == 1 else ""
    if not parse_role_arn(arn):
        yield Finding(what)
        return
    changes = (f"{ANNOTATION_ROLE_ARN}={arn}", *(f"{key}-" for key in alike))
    yield Finding(what, remedy=annotate(evidence.chain.subject, *changes))


def misspelled_keys(annotations: Mapping[str, str]) -> tuple[str, ...]:
    """The keys that differ little from the key of the role annotation."""
    wanted = _letters(ANNOTATION_ROLE_ARN)
    return tuple(
        key
        for key in annotations
        if key not in _KNOWN_KEYS
        and SequenceMatcher(None, wanted, _letters(key), autojunk=False).ratio() >= _SIMILAR
    )


def _letters(key: str) -> str:
    return "".join(letter for letter in key.lower() if letter.isalnum())


# How similar a misspelled key must be; "sts.amazonaws.com/role-arn" is.
_SIMILAR = 0.85
# Those of the webhook and of iamsa, and that of https://github.com/jtblin/kube2iam.
_KNOWN_KEYS = (*MANAGED_ANNOTATIONS, "iam.amazonaws.com/role")


def annotation_malformed(evidence: Evidence) -> Iterator[Finding]:
    if evidence.chain.is_annotated and (fault := role_arn_fault(evidence.chain.named)):
        what, named = f"the annotation {ANNOTATION_ROLE_ARN} {fault}", evidence.chain.named
        meant = named.strip()
        # The ARN is right without the space, so the role that it names is kept.
        change = f"{ANNOTATION_ROLE_ARN}={meant}"
        is_spaced = meant != named and parse_role_arn(meant)
        remedy = annotate(evidence.chain.subject, change) if is_spaced else ()
        what = f"{what}: {quoted(excerpt(named))}" if named else what
        yield Finding(f"{what}; remove the white space" if is_spaced else what, _FORCED, remedy=remedy)


def annotation_abroad(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    if not chain.elsewhere:
        return
    if evidence.exchange and not evidence.exchange.refusal:
        return
    arn, home = parse_role_arn(chain.named), chain.facts.home
    partition, account = (arn.partition, arn.account) if arn else ("", "")
    what = f"the annotation names a role in AWS account {account}, but the cluster is in {home.account}"
    if partition != home.partition:
        what = f"the annotation names a role in partition {partition}, but the cluster is in {home.partition}"
    # A role in another account may be intended: the exchange of a token shows whether it works.
    if evidence.own_role or partition != home.partition:
        yield Finding(what, (Option("role_name", chain.default_role), *_FORCED))


def annotation_differs(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    if chain.role and not chain.elsewhere and chain.named != chain.role.arn:
        yield Finding(f"the annotation is {chain.named}, but the role's ARN is {chain.role.arn}", _FORCED)


def sts_endpoint_global(evidence: Evidence) -> Iterator[Finding]:
    annotations = evidence.chain.service_account.annotations if evidence.chain.service_account else {}
    text = annotations.get(ANNOTATION_STS_REGIONAL)
    if text is None or text in TRUE:
        return
    ignored = "neither true nor false and is ignored"
    what = "false, so older SDKs in pods call the global STS endpoint" if text in FALSE else ignored
    change = f"{ANNOTATION_STS_REGIONAL}=true"
    yield Finding(f"{ANNOTATION_STS_REGIONAL} is {what}", remedy=annotate(evidence.chain.subject, change))


ANNOTATION_CHECKS = (
    Check(
        "annotation-present",
        "serviceAccount",
        "the ServiceAccount has a role annotation",
        symptoms.NO_VARIABLES,
        "The webhook reads a pod's role from the annotation eks.amazonaws.com/role-arn of its ServiceAccount."
        " A misspelled key has no effect, and Helm and GitOps tools can remove the annotation if it is not in"
        " their manifests.",
        doc_links.ROLE,
        "Run " + create_command() + " to set the annotation.",
        annotation_missing,
        after=("service-account-exists", "service-account-deleting", "workload-account"),
    ),
    Check(
        "annotation-form",
        "serviceAccount",
        "the annotation is a valid role ARN",
        symptoms.INVALID_ARN,
        "The webhook copies the annotation into pods without validating it. A role name without an ARN, a"
        " space or an unresolved placeholder causes an error only when a pod calls AWS.",
        doc_links.ROLE,
        "Run " + create_command(Option("force_conflicts")) + " to set the annotation to the role's ARN.",
        annotation_malformed,
        after=("annotation-present",),
    ),
    Check(
        "annotation-account",
        "serviceAccount",
        "the role is in the cluster's AWS account",
        symptoms.ASSUME_DENIED,
        "A role in another AWS account requires an OIDC provider for this cluster's issuer in that account."
        " Often the ARN was copied from another environment by mistake.",
        doc_links.ROLE,
        "Run "
        + create_command(Option("role_name", "ROLE"), Option("force_conflicts"))
        + " to use a role in the cluster's account.",
        annotation_abroad,
        after=("cluster-context",),
    ),
    Check(
        "annotation-role",
        "serviceAccount",
        "the annotation is exactly the role's ARN",
        symptoms.ASSUME_DENIED,
        "The ARN of a role includes its path, and AWS requires an exact match. An ARN with another path"
        " names a role that does not exist.",
        doc_links.ROLE,
        "Run " + create_command(Option("force_conflicts")) + " to set the annotation to the role's ARN.",
        annotation_differs,
        needs=("role",),
        after=("annotation-form", "annotation-account", "role-exists"),
    ),
    Check(
        "sts-endpoint",
        "serviceAccount",
        "pods use the regional STS endpoint",
        symptoms.STS_UNREACHABLE,
        "The regional STS endpoint is available in every partition and through VPC endpoints. The global"
        " endpoint exists only in the aws partition, and opt-in Regions reach it in us-east-1.",
        doc_links.STS_ENDPOINTS,
        f"Run `kubectl annotate --overwrite serviceaccount NAME {ANNOTATION_STS_REGIONAL}=true`.",
        sts_endpoint_global,
        needs=("told",),
        after=("service-account-exists",),
        warns=True,
    ),
)
