# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of whether the role's trust policy allows the ServiceAccount to assume the role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from ...trust.explain import trust_faults
from ...trust.grant import Mismatch
from ...trust.words import in_words
from ...wording.text import Option, Sentence
from ..evidence import Evidence
from . import doc_links, symptoms
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
    "principal": "the trust policy trusts {found}, not the cluster's OIDC provider",
    "issuer": "the trust policy trusts the issuer {found}, but the cluster's issuer is {issuer}",
    "action": "the trust policy allows {found}, not sts:AssumeRoleWithWebIdentity",
    "audience": "the trust policy requires the audience {found}, but the audience of tokens is {audience}",
    "subject": "the trust policy allows {found}, not {subject}, to assume the role",
    "wildcard": "the trust policy compares {found} with StringEquals, which does not treat * as a wildcard",
    "condition": "the condition {found} of the trust policy is not met by tokens of {subject}",
}


def mismatch(evidence: Evidence, kind: Mismatch) -> Iterator[Finding]:
    """Why the statement that comes closest does not allow the token; `kind` is the part to report."""
    chain = evidence.chain
    if not chain.role or not chain.admission or chain.admission.is_possible:
        return
    found = trust_faults(chain.role.trust, chain.grant)
    if found.nearest is None and kind == "principal" and not found.deny:
        yield Finding("the trust policy does not allow anyone to assume the role", overrides_for_trust(chain))
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
        yield Finding(f"the trust policy denies tokens of {chain.subject}: {in_words(statement)}", flags)


ROOTS = ("role-exists",)


def _cause(kind: Mismatch, looks_at: str, explanation: str, page: str, mend: Sentence) -> Check:
    judge: Callable[[Evidence], Iterator[Finding]] = partial(mismatch, kind=kind)
    after = (*ROOTS, "audience-form", "annotation-audience") if kind == "audience" else ROOTS
    return Check(
        f"trust-{kind}",
        "trust",
        looks_at,
        symptoms.ASSUME_DENIED,
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
        "no Deny statement of the trust policy applies to the ServiceAccount",
        symptoms.ASSUME_DENIED,
        "An explicit Deny overrides every Allow. Tokens to which it applies are rejected even if another"
        " statement allows them.",
        doc_links.EVALUATION,
        "Run " + create_command(Option("replace_trust")) + " to remove the statement.",
        denied,
        needs=("role",),
        after=ROOTS,
    ),
    _cause(
        "principal",
        "the trust policy trusts the cluster's OIDC provider",
        "Principal.Federated must be the ARN of the cluster's OIDC provider in the role's account. A trust"
        " policy for EC2, for another AWS service or for an AWS account does not accept tokens of"
        " ServiceAccounts.",
        doc_links.ROLE,
        "Run "
        + create_command()
        + " to add a statement. If iamsa does not manage the role, add `"
        + Option("adopt")
        + "`.",
    ),
    _cause(
        "issuer",
        "the trust policy trusts the cluster's current issuer",
        "A cluster that was deleted and created again has a new issuer. A trust policy that names the old"
        " issuer does not accept its tokens.",
        doc_links.PROVIDER,
        "Run "
        + create_command()
        + " to trust the current issuer. If the role belongs to a deleted cluster, add `"
        + Option("rebind")
        + "`.",
    ),
    _cause(
        "action",
        "the trust policy allows sts:AssumeRoleWithWebIdentity",
        "Pods call sts:AssumeRoleWithWebIdentity. sts:AssumeRole is a different action, for callers that"
        " already have AWS credentials.",
        doc_links.ROLE,
        "Run " + create_command() + " to repair the statement.",
    ),
    _cause(
        "audience",
        "the trust policy allows the audience of tokens",
        "The condition on the key that ends in :aud must match the audience of the pods' tokens. It is"
        " sts.amazonaws.com in every partition, unless an annotation of the ServiceAccount sets another one.",
        doc_links.ROLE,
        "Run " + create_command() + " to repair the statement.",
    ),
    _cause(
        "subject",
        "the trust policy allows the ServiceAccount to assume the role",
        "The condition on the key that ends in :sub must be system:serviceaccount:NAMESPACE:NAME. Common"
        " causes are a misspelled name, a renamed namespace, and a role that was created for another"
        " ServiceAccount.",
        doc_links.ROLE,
        "Run " + create_command(Option("replace_trust")) + " to allow this ServiceAccount.",
    ),
    _cause(
        "wildcard",
        "the trust policy compares wildcards with StringLike",
        "StringEquals compares * literally. Only StringLike treats it as a wildcard.",
        doc_links.OPERATORS,
        "Run " + create_command(Option("replace_trust")) + " to name the ServiceAccount without wildcards.",
    ),
    _cause(
        "condition",
        "tokens can meet all conditions of the trust policy",
        "All conditions of a statement must be met. One of them tests a claim that this cluster's tokens do"
        " not have, or excludes this ServiceAccount.",
        doc_links.OIDC_TROUBLE,
        "Run " + create_command(Option("replace_trust")) + " to keep only the conditions on aud and sub.",
    ),
)
