# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of whom else the trust policy lets in, and of what it should not need."""

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
from . import doc_links
from .check import Check, Finding, Judge, create_command
from .overrides import REPLACE, is_ours_alone, overrides_for_trust, to_be_replaced
from .trust import ROOTS, TRUST_CHECKS


def open_to_all(evidence: Evidence) -> Iterator[Finding]:
    for statement in _admitting(evidence):
        if not _of_subject(statement, evidence):
            what = f"every ServiceAccount of the cluster may take the role: {in_words(statement)}"
            yield _narrowed(evidence, what, statement)


def too_wide(evidence: Evidence) -> Iterator[Finding]:
    for statement in _admitting(evidence):
        for operator, values in _of_subject(statement, evidence):
            wide = [value for value in values if _is_wide(value)]
            if "like" in operator.lower() and wide:
                what = f"ServiceAccounts of other namespaces may take the role: {', '.join(wide)}"
                yield _narrowed(evidence, what, statement)


def true_when_absent(evidence: Evidence) -> Iterator[Finding]:
    for statement in _admitting(evidence):
        tests = list(condition_tests(statement.get("Condition")))
        required = {key.lower() for operator, key, _values in tests if requires_presence(operator)}
        for operator, key, _values in tests:
            if operator.lower().startswith("forallvalues:") and key.lower() not in required:
                what = f"{operator} on {key} holds for tokens without that claim too"
                yield _narrowed(evidence, what, statement)


def depends(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    if not chain.role or not chain.admission or chain.admission.verdict != "depends":
        return
    keys = ", ".join(chain.admission.conditions)
    what = f"it lets the token in only under conditions on {keys}, which are not known here"
    open_ones = [
        statement
        for statement in statements_of(chain.role.trust)
        if isinstance(statement, Mapping) and refers_to(statement, chain.grant) == "depends"
    ]
    foreign = [statement for statement in open_ones if statement not in chain.reading.ours]
    yield _narrowed(evidence, what, (foreign or open_ones)[0])


def drifted(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    if not chain.admission or not chain.admission.is_possible or not is_ours_alone(chain):
        return
    if chain.reading.ours and not is_exact(chain.reading, chain.grant):
        yield Finding("our statement is not what iamsa would write, or not alone", overrides_for_trust(chain))


def lets_others_in(evidence: Evidence) -> Iterator[Finding]:
    if not is_ours_alone(evidence.chain):
        return
    reading, use = evidence.chain.reading, evidence.chain.pod_use
    for statement in reading.foreign:
        what: Sentence = f"somebody else's statement: {in_words(statement)}"
        if trusts_pods(statement):
            what += " (" + use.words + ("" if use.is_possible else "; one of another cluster may") + ")"
        yield Finding(what, mends=False) if statement in reading.held else Finding(what, (REPLACE,))


def _narrowed(evidence: Evidence, what: str, statement: Mapping[str, Any]) -> Finding:
    """What create does about a statement, whose conditions it keeps if it is ours."""
    return to_be_replaced(evidence.chain, what, is_ours=statement in evidence.chain.reading.ours)


def _admitting(evidence: Evidence) -> Iterator[Mapping[str, Any]]:
    """The Allow statements that let the ServiceAccount's token in, for sure or perhaps."""
    chain = evidence.chain
    for statement in statements_of(chain.role.trust) if chain.role else ():
        allows = isinstance(statement, Mapping) and statement.get("Effect") == "Allow"
        if allows and refers_to(statement, chain.grant) != "no":
            yield statement


def _of_subject(statement: Mapping[str, Any], evidence: Evidence) -> list[tuple[str, list[str]]]:
    """The tests by which a statement chooses ServiceAccounts."""
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
        "whether the trust policy asks for a subject",
        "Any pod of the cluster can take the role.",
        "Without a condition on :sub every ServiceAccount of the cluster may take the role. So may whoever"
        " can create a pod.",
        doc_links.ROLE,
        create_command(Option("replace_trust")) + " lets in only this ServiceAccount.",
        open_to_all,
    ),
    _warning(
        "trust-wide",
        "whether wildcards reach beyond the namespace",
        "Pods of other namespaces can take the role.",
        "A * where the namespace stands lets ServiceAccounts of every namespace in. Whoever may create one"
        " there has the role.",
        doc_links.OPERATORS,
        create_command(Option("replace_trust")) + " lets in only this ServiceAccount.",
        too_wide,
    ),
    _warning(
        "trust-absent",
        "ForAllValues in the trust policy",
        "Tokens without the claim are let in.",
        "ForAllValues holds when the claim is absent. Each claim has one value, so StringEquals is what is"
        " meant.",
        doc_links.MANY_VALUES,
        create_command(Option("replace_trust")) + " compares with StringEquals.",
        true_when_absent,
    ),
    _warning(
        "trust-depends",
        "conditions that a token does not decide",
        "Pods get their role at some times or places, and not at others.",
        "The trust policy has conditions on something else than the token, such as the caller's network. Here"
        " it cannot be told whether they hold for the pods.",
        doc_links.OPERATORS,
        "If you do not want these conditions, " + create_command(Option("replace_trust")) + " removes them.",
        depends,
        "trust-absent",
    ),
    _warning(
        "trust-drift",
        "whether our statement is as iamsa wrote it",
        "create changes the trust policy although nothing else was asked for.",
        "The statement lets the ServiceAccount in, and says more or other than it should. The same create"
        " again puts it back.",
        doc_links.ROLE,
        create_command() + " puts it back.",
        drifted,
        *("trust-open", "trust-wide", "trust-absent", "trust-depends"),
    ),
    _warning(
        "trust-foreign",
        "whether others may take the role",
        "The role is used by somebody whom nobody knows of.",
        "iamsa made the role for one ServiceAccount, and a statement of the trust policy lets in somebody"
        " else. If that is meant, give them a role of their own.",
        doc_links.ROLE,
        create_command(Option("replace_trust")) + " removes the statement.",
        lets_others_in,
        *("trust-open", "trust-wide", "trust-absent"),
    ),
)
