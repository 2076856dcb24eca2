# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the role's trust policy: whom it lets in, and whom it should not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from ...trust.explain import trust_faults
from ...trust.grant import Mismatch
from ...trust.words import in_words
from ...wording.text import Option, Sentence
from ..evidence import Evidence
from . import doc_links
from .check import Check, Finding, create_command
from .overrides import (
    REPLACE,
    ROLE_NAME,
    is_kept_out_by_conditions,
    names,
    overrides_for_trust,
    own_role_or_overrides,
    to_be_replaced,
)

_CLAIM = re.compile(r"\bsystem:serviceaccount:([^:,\s]+):([^:,\s]+)")
_WORDS: Mapping[Mismatch, str] = {
    "principal": "it lets in {found}, not the cluster's OIDC provider",
    "issuer": "it trusts the issuer {found}, and the cluster's is {issuer}",
    "action": "it allows {found}, not sts:AssumeRoleWithWebIdentity",
    "audience": "it lets in tokens for {found}, and the pods' are for {audience}",
    "subject": "it lets in {found}, not {subject}",
    "wildcard": "it compares with StringEquals, for which the * of {found} is no wildcard",
    "condition": "its condition {found} does not hold for a token of {subject}",
}


def mismatch(evidence: Evidence, kind: Mismatch) -> Iterator[Finding]:
    """What keeps the statement that lacks the least from letting the token in."""
    chain = evidence.chain
    if not chain.role or not chain.admission or chain.admission.is_possible:
        return
    found = trust_faults(chain.role.trust, chain.grant)
    if found.nearest is None and kind == "principal" and not found.deny:
        yield Finding("it lets nobody in", overrides_for_trust(chain))
    elif kind in found.mismatches:
        values = {
            "found": _CLAIM.sub(r"\1/\2", found.mismatches[kind]),
            "issuer": chain.facts.cluster.claim_prefix,
            "audience": chain.audience,
            "subject": str(chain.subject),
        }
        what = _WORDS[kind].format_map(values)
        if is_kept_out_by_conditions(chain):
            yield to_be_replaced(chain, what, is_ours=True)
        else:
            yield Finding(what, overrides_for_trust(chain))


def denied(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    for statement in trust_faults(chain.role.trust, chain.grant).deny if chain.role else ():
        flags = own_role_or_overrides(chain)
        if not names(flags, ROLE_NAME):
            flags = (*flags, REPLACE)
        yield Finding(f"a statement keeps it out: {in_words(statement)}", flags)


ROOTS = ("role-exists",)
_DENIED = "AWS says AccessDenied: not authorized to perform sts:AssumeRoleWithWebIdentity."


def _cause(kind: Mismatch, looks_at: str, explanation: str, page: str, mend: Sentence) -> Check:
    judge: Callable[[Evidence], Iterator[Finding]] = partial(mismatch, kind=kind)
    after = (*ROOTS, "audience-form", "annotation-audience") if kind == "audience" else ROOTS
    return Check(
        f"trust-{kind}",
        "trust",
        looks_at,
        _DENIED,
        explanation,
        page,
        mend,
        judge,
        needs=("role",),
        after=after,
    )


TRUST_CHECKS = (
    Check(
        "trust-deny",
        "trust",
        "Deny statements of the trust policy",
        _DENIED,
        "An explicit Deny outweighs every Allow. This one speaks of the ServiceAccount's tokens.",
        doc_links.EVALUATION,
        create_command(Option("replace_trust")) + " removes the statement.",
        denied,
        needs=("role",),
        after=ROOTS,
    ),
    _cause(
        "principal",
        "whether the trust policy names the cluster's provider",
        "Principal.Federated must be the ARN of the OIDC provider in the role's account. A role for EC2, for"
        " another service or for an account does not let tokens in.",
        doc_links.ROLE,
        create_command() + " adds the statement; a role of somebody else needs " + Option("adopt") + ".",
    ),
    _cause(
        "issuer",
        "whether the trust policy names the cluster's present issuer",
        "A cluster that is made anew gets a new issuer. Trust policies that name the old one let nobody in.",
        doc_links.PROVIDER,
        create_command() + " names the present issuer; after a cluster was made anew,"
        " with " + Option("rebind") + ".",
    ),
    _cause(
        "action",
        "which action the trust policy allows",
        "Pods call sts:AssumeRoleWithWebIdentity. sts:AssumeRole is another call, for those who have AWS"
        " credentials already.",
        doc_links.ROLE,
        create_command() + " repairs the statement.",
    ),
    _cause(
        "audience",
        "which audience the trust policy asks for",
        "The condition on :aud must be the audience of the pods' tokens. That is sts.amazonaws.com, in every"
        " partition, unless the ServiceAccount's annotation says otherwise.",
        doc_links.ROLE,
        create_command() + " repairs the statement.",
    ),
    _cause(
        "subject",
        "which ServiceAccount the trust policy lets in",
        "The condition on :sub must be system:serviceaccount:NAMESPACE:NAME. A misspelt name, a renamed"
        " namespace or a role that was made for another ServiceAccount are the usual reasons.",
        doc_links.ROLE,
        create_command(Option("replace_trust")) + " puts the right ServiceAccount in.",
    ),
    _cause(
        "wildcard",
        "whether wildcards stand under StringLike",
        "StringEquals takes * for a star. Only StringLike takes it for any characters.",
        doc_links.OPERATORS,
        create_command(Option("replace_trust")) + " names the ServiceAccount itself.",
    ),
    _cause(
        "condition",
        "whether all conditions can hold",
        "All conditions of a statement must hold. One here is on a claim that this cluster's tokens do not"
        " have, or keeps out just this ServiceAccount.",
        doc_links.OIDC_TROUBLE,
        create_command(Option("replace_trust")) + " leaves only the conditions on aud and sub.",
    ),
)
