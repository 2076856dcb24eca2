# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of who else may assume the role, and of unexpected statements in the trust policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...trust.evaluate import refers_to, requires_presence
from ...trust.repair import is_exact
from ...trust.statement_parts import condition_tests
from ...trust.statements import statements_of, trusts_pods
from ...trust.words import in_words
from ...wording.text import Option, Sentence
from ..evidence import Evidence
from . import doc_links, symptoms
from .check import Check, Finding, Judge, create_command
from .overrides import REPLACE, is_ours_alone, overrides_for_trust, to_be_replaced
from .trust import ROOTS, TRUST_CHECKS


def open_to_all(evidence: Evidence) -> Iterator[Finding]:
    for statement in _admitting(evidence):
        if not _of_subject(statement, evidence):
            what = f"any ServiceAccount in the cluster can assume the role: {in_words(statement)}"
            yield _narrowed(evidence, what, statement)


def too_wide(evidence: Evidence) -> Iterator[Finding]:
    for statement in _admitting(evidence):
        for operator, values in _of_subject(statement, evidence):
            wide = [value for value in values if _is_wide(value)]
            if "like" in operator.lower() and wide:
                what = f"ServiceAccounts in other namespaces can assume the role: {', '.join(wide)}"
                yield _narrowed(evidence, what, statement)


def true_when_absent(evidence: Evidence) -> Iterator[Finding]:
    for statement in _admitting(evidence):
        tests = list(condition_tests(statement.get("Condition")))
        required = {key.lower() for operator, key, _values in tests if requires_presence(operator)}
        for operator, key, _values in tests:
            if operator.lower().startswith("forallvalues:") and key.lower() not in required:
                what = f"{operator} on {key} is also met by tokens without that claim"
                yield _narrowed(evidence, what, statement)


def depends(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    if not chain.role or not chain.admission or chain.admission.verdict != "depends":
        return
    keys = ", ".join(chain.admission.conditions)
    what = f"the ServiceAccount can assume the role only under conditions on {keys}"
    open_ones = [
        statement
        for statement in statements_of(chain.role.trust)
        if isinstance(statement, Mapping) and refers_to(statement, chain.grant) == "depends"
    ]
    unmanaged = [statement for statement in open_ones if statement not in chain.reading.ours]
    yield _narrowed(evidence, what, (unmanaged or open_ones)[0])


def drifted(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    if not chain.admission or not chain.admission.is_possible or not is_ours_alone(chain):
        return
    if chain.reading.ours and not is_exact(chain.reading, chain.grant):
        yield Finding("the trust statement of iamsa was changed or duplicated", overrides_for_trust(chain))


def lets_others_in(evidence: Evidence) -> Iterator[Finding]:
    if not is_ours_alone(evidence.chain):
        return
    reading, use = evidence.chain.reading, evidence.chain.pod_use
    for statement in reading.unmanaged:
        what: Sentence = f"a trust statement is not managed by iamsa: {in_words(statement)}"
        if trusts_pods(statement):
            what += " (" + use.words + ("" if use.is_possible else ", but one of another cluster may") + ")"
        yield Finding(what, mends=False) if statement in reading.held else Finding(what, (REPLACE,))


def _narrowed(evidence: Evidence, what: str, statement: Mapping[str, Any]) -> Finding:
    """The finding about a statement; create keeps the conditions of a statement of iamsa."""
    return to_be_replaced(evidence.chain, what, is_ours=statement in evidence.chain.reading.ours)


def _admitting(evidence: Evidence) -> Iterator[Mapping[str, Any]]:
    """The Allow statements that accept the ServiceAccount's token, or accept it under conditions."""
    chain = evidence.chain
    for statement in statements_of(chain.role.trust) if chain.role else ():
        allows = isinstance(statement, Mapping) and statement.get("Effect") == "Allow"
        if allows and refers_to(statement, chain.grant) != "no":
            yield statement


def _of_subject(statement: Mapping[str, Any], evidence: Evidence) -> list[tuple[str, list[str]]]:
    """The conditions of a statement on the subject: pairs of operator and values."""
    key = evidence.chain.grant.subject_key
    return [
        (operator, values)
        for operator, name, values in condition_tests(statement.get("Condition"))
        if name.lower() == key
    ]


def _is_wide(pattern: str) -> bool:
    """Whether a pattern of `sub` matches ServiceAccounts of more than one namespace."""
    parts = pattern.split(":")
    return len(parts) < 4 or any("*" in part or "?" in part for part in parts[:3])


_CAUSES = tuple(check.id for check in TRUST_CHECKS)


def _warning(
    name: str,
    looks_at: str,
    symptom: str,
    explanation: str,
    page: str,
    mend: Sentence,
    judge: Judge,
    *more: str,
) -> Check:
    after = (*ROOTS, *_CAUSES, *more)
    return Check(
        name,
        "trust",
        looks_at,
        symptom,
        explanation,
        page,
        mend,
        judge,
        needs=("role",),
        after=after,
        warns=True,
    )


TRUST_TOO_WIDE_CHECKS = (
    _warning(
        "trust-open",
        "the trust policy has a condition on the subject",
        symptoms.TOO_OPEN,
        "Without a condition on :sub, any ServiceAccount in the cluster can assume the role. So can everyone"
        " who is allowed to create pods.",
        doc_links.ROLE,
        "Run " + create_command(Option("replace_trust")) + " to allow only this ServiceAccount.",
        open_to_all,
    ),
    _warning(
        "trust-wide",
        "the trust policy allows only one namespace",
        symptoms.TOO_OPEN,
        "A wildcard in the place of the namespace allows ServiceAccounts in any namespace. Everyone who can"
        " create a matching ServiceAccount can assume the role.",
        doc_links.OPERATORS,
        "Run " + create_command(Option("replace_trust")) + " to allow only this ServiceAccount.",
        too_wide,
    ),
    _warning(
        "trust-absent",
        "no ForAllValues condition accepts tokens without the claim",
        symptoms.TOO_OPEN,
        "A ForAllValues condition is also met if the claim is absent. The claims have a single value, so use"
        " StringEquals instead.",
        doc_links.MANY_VALUES,
        "Run " + create_command(Option("replace_trust")) + " to compare with StringEquals.",
        true_when_absent,
    ),
    _warning(
        "trust-depends",
        "the token alone meets the conditions of the trust policy",
        symptoms.SOMETIMES,
        "The trust policy has conditions on more than the token, such as the caller's IP address. Whether"
        " pods meet them could not be determined.",
        doc_links.OPERATORS,
        "If you do not need these conditions, run "
        + create_command(Option("replace_trust"))
        + " to remove them.",
        depends,
        "trust-absent",
    ),
    _warning(
        "trust-drift",
        "the trust statement of iamsa is unchanged",
        symptoms.CHANGED_ROLE,
        "The statement allows the ServiceAccount to assume the role, but it was changed or duplicated. The"
        " next create or update restores it.",
        doc_links.ROLE,
        "Run " + create_command() + " to restore the statement.",
        drifted,
        *("trust-open", "trust-wide", "trust-absent", "trust-depends"),
    ),
    _warning(
        "trust-unmanaged",
        "iamsa manages all statements of the trust policy",
        symptoms.TOO_OPEN,
        "iamsa created the role for one ServiceAccount, but another statement allows other principals to"
        " assume it. If that is intended, create a separate role for them.",
        doc_links.ROLE,
        "Run " + create_command(Option("replace_trust")) + " to remove the statement.",
        lets_others_in,
        *("trust-open", "trust-wide", "trust-absent"),
    ),
)
