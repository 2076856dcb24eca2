# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a trust policy allows a ServiceAccount's token to assume the role, by AWS's rules.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from ..policy.equality import Document
from ..policy.grammar import OPERATORS
from .grant import Grant
from .statement_parts import condition_tests, like
from .statements import statements_of

Answer = Literal["yes", "no", "depends"]
_OPERATOR = re.compile(r"(?:(forallvalues|foranyvalue):)?(\w+?)(ifexists)?", re.ASCII)


class Admission(NamedTuple):
    """The result of evaluating a trust policy for a token.

    `depends`: the result depends on conditions that the token does not decide; `conditions` are their keys.
    """

    verdict: Literal["allowed", "denied", "depends"]
    conditions: tuple[str, ...] = ()

    @property
    def is_possible(self) -> bool:
        """Whether the token is allowed to assume the role, at least under conditions."""
        return self.verdict != "denied"


def admission(document: Document, grant: Grant) -> Admission:
    """Evaluate a trust policy for a token of the grant's first subject.

    An explicit Deny takes precedence, and a token that no statement allows is denied.
    """
    answers: dict[str, set[Answer]] = {"Allow": set(), "Deny": set()}
    unknown: list[str] = []
    for statement in statements_of(document):
        if not isinstance(statement, Mapping) or statement.get("Effect") not in list(answers):
            continue
        answer, keys = _applies(statement, grant)
        answers[statement["Effect"]].add(answer)
        unknown += keys
    if "yes" in answers["Deny"] or not answers["Allow"] - {"no"}:
        return Admission("denied")
    if "yes" in answers["Allow"] and "depends" not in answers["Deny"]:
        return Admission("allowed")
    return Admission("depends", tuple(dict.fromkeys(unknown)))


def refers_to(statement: Mapping[str, Any], grant: Grant) -> Answer:
    """Whether a statement applies to a token of the grant's first subject."""
    return _applies(statement, grant)[0]


def _applies(statement: Mapping[str, Any], grant: Grant) -> tuple[Answer, list[str]]:
    """Whether a statement applies to the token, and the condition keys that the token does not decide."""
    if not grant.is_about(statement):
        return "no", []
    unknown, claims = [], grant.claims
    for operator, key, wanted in condition_tests(statement.get("Condition")):
        answer = holds(operator, key.lower(), wanted, claims)
        if answer == "no":
            return "no", []
        if answer == "depends":
            unknown.append(key)
    return ("depends" if unknown else "yes"), unknown


def holds(operator: str, key: str, wanted: list[str], claims: Mapping[str, str]) -> Answer:
    """Whether a token with these claims meets a condition; `depends` if the token does not decide it."""
    matched = _OPERATOR.fullmatch(operator.lower())
    quantifier, base, if_exists = matched.groups() if matched else ("", "", "")
    given = claims.get(key)
    if given is None and not _is_claim(key):
        return "depends"
    if base == "null":
        return _yes(("true" in wanted) == (given is None))
    compare = _COMPARE.get(base.replace("not", "", 1))
    if base not in _OPERATORS or (given is not None and compare is None):
        return "depends"
    negated = "not" in base
    if given is None or compare is None:
        # An absent key meets ForAllValues, and a test that it does not have a value.
        return _yes(bool(if_exists) or quantifier == "forallvalues" or (negated and not quantifier))
    return _yes(any(compare(given, one) for one in wanted) != negated)


def requires_presence(operator: str) -> bool:
    """Whether a test with this operator fails if its key is absent."""
    matched = _OPERATOR.fullmatch(operator.lower())
    quantifier, base, if_exists = matched.groups() if matched else ("", "", "")
    return not if_exists and quantifier != "forallvalues" and base != "null" and "not" not in base


def _is_claim(key: str) -> bool:
    """Whether a condition key (in lowercase) refers to a claim of a token rather than to the request.

    From a cluster's token, AWS derives keys only for `aud` and `sub`, not for claims such as kubernetes.io.
    It sets amr, email and oaud only for other issuers.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
    """
    issuer = key.partition(":")[0]
    return "." in issuer or issuer == "saml" or key.endswith((":aud", ":sub"))


def _yes(holds: bool) -> Answer:
    return "yes" if holds else "no"


_OPERATORS = frozenset(name.lower() for name in OPERATORS)
_COMPARE: Mapping[str, Callable[[str, str], bool]] = {
    "stringequals": lambda value, wanted: value == wanted,
    "stringequalsignorecase": lambda value, wanted: value.lower() == wanted.lower(),
    "stringlike": like,
}
