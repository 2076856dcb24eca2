# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trust policies of roles for service accounts: build them, take them apart, judge each statement.

Source: https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .constants import ACTION_WEB_IDENTITY, POLICY_VERSION
from .identity import Arn, Subject, host_and_path
from .policy import Document, same_meaning


@dataclass(frozen=True)
class Grant:
    """What our statement says: tokens of `issuer` for `audience` held by `subjects` may take the role."""

    provider_arn: str
    issuer: str
    audience: str
    subjects: tuple[Subject, ...]

    def statement(self) -> dict[str, Any]:
        prefix = host_and_path(self.issuer)
        claims = [subject.claim for subject in self.subjects]
        return {
            "Effect": "Allow",
            "Principal": {"Federated": self.provider_arn},
            "Action": ACTION_WEB_IDENTITY,
            "Condition": {
                "StringEquals": {
                    f"{prefix}:aud": self.audience,
                    f"{prefix}:sub": claims[0] if len(claims) == 1 else claims,
                }
            },
        }


@dataclass(frozen=True)
class TrustReading:
    """A role's trust statements, each under the heading that decides what may happen to it.

    `ours` names this cluster's provider and exactly our subjects, right or drifted in action, audience or
    further conditions; `stale` the same with the provider of an earlier issuer; `foreign` is all the rest.
    """

    ours: tuple[Document, ...]
    stale: tuple[Document, ...]
    foreign: tuple[Document, ...]


def trust_policy(statements: Iterable[Document]) -> dict[str, Any]:
    return {"Version": POLICY_VERSION, "Statement": [dict(statement) for statement in statements]}


def statements_of(document: Document) -> tuple[Document, ...]:
    """The statements of a policy, also where a single one stands without a list."""
    found = document.get("Statement")
    return tuple(_listed(found)) if found is not None else ()


def read_trust(document: Document, grant: Grant, earlier: Grant | None = None) -> TrustReading:
    """Sort the statements of `document`; `earlier` is our grant under the issuer in the role's tag."""
    ours, stale, foreign = [], [], []
    for statement in statements_of(document):
        if _is_for(statement, grant):
            ours.append(statement)
        elif earlier and _is_for(statement, earlier):
            stale.append(statement)
        else:
            foreign.append(statement)
    return TrustReading(tuple(ours), tuple(stale), tuple(foreign))


def amended(document: Document, kept: Iterable[Document], grant: Grant) -> dict[str, Any]:
    """`document` with `kept` and our statement as its only statements; its Version and Id stay."""
    return {**trust_policy(()), **document, "Statement": [*kept, grant.statement()]}


def is_exact(reading: TrustReading, grant: Grant) -> bool:
    """Whether our statement is there once and says precisely what `grant` says."""
    return (
        len(reading.ours) == 1
        and not reading.stale
        and same_meaning(trust_policy(reading.ours), trust_policy([grant.statement()]))
    )


def audience_of(statement: Document) -> str | None:
    """The one audience that StringEquals demands by a statement of ours, if it demands just one."""
    found = {
        value
        for operator, claim, values in _claim_tests(statement)
        if claim == "aud" and operator.lower() == "stringequals"
        for value in values
    }
    return found.pop() if len(found) == 1 else None


def in_words(statement: Document) -> str:
    """Who may do what by a statement, on one line, for messages."""
    if not isinstance(statement, Mapping):
        return f"{statement!r}, which is no statement"
    principals = statement.get("Principal", statement.get("NotPrincipal", "*"))
    if isinstance(principals, Mapping):
        principals = [who for value in principals.values() for who in _listed(value)]
    who = ", ".join(_called(str(principal)) for principal in _listed(principals))
    what = ", ".join(str(action) for action in _listed(statement.get("Action", "?")))
    words = f"{statement.get('Effect', '?')} {what} to {who}{_whose(statement, who)}"
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in words)


def _whose(statement: Document, who: str) -> str:
    """Whose tokens a statement speaks of; where it does not say, a provider's are everybody's."""
    tests = []
    for operator, values in _subject_tests(statement):
        claims = ", ".join(
            value.removeprefix("system:serviceaccount:").replace(":", "/") for value in sorted(values)
        )
        tests.append(claims if operator.lower() == "stringequals" else f"{operator} {claims}")
    if tests:
        return f" as {' and '.join(tests)}"
    return " as any ServiceAccount" if who.startswith("provider ") else ""


def _is_for(statement: Document, grant: Grant) -> bool:
    if not isinstance(statement, Mapping):
        return False
    principal = statement.get("Principal")
    return (
        statement.get("Effect") == "Allow"
        and isinstance(principal, Mapping)
        and set(principal) == {"Federated"}
        and _listed(principal["Federated"]) == [grant.provider_arn]
        and _subjects(statement, host_and_path(grant.issuer)) == {one.claim for one in grant.subjects}
    )


def _subjects(statement: Document, prefix: str | None = None) -> set[str]:
    """The values that StringEquals demands of `<prefix>:sub`; of any provider's where `prefix` is None."""
    found: set[str] = set()
    for operator, values in _subject_tests(statement, prefix):
        if operator.lower() == "stringequals":
            found |= values
    return found


def _subject_tests(statement: Document, prefix: str | None = None) -> Iterator[tuple[str, set[str]]]:
    """Operator and values of each condition on `<prefix>:sub`."""
    for operator, claim, values in _claim_tests(statement, prefix):
        if claim == "sub":
            yield operator, values


def _claim_tests(statement: Document, prefix: str | None = None) -> Iterator[tuple[str, str, set[str]]]:
    """Operator, claim in lower case and values of each condition on a token of the issuer `prefix`."""
    condition = statement.get("Condition")
    for operator, keys in condition.items() if isinstance(condition, Mapping) else ():
        for key, values in keys.items() if isinstance(keys, Mapping) else ():
            issuer, _colon, claim = key.rpartition(":")
            if prefix is None or issuer.lower() == prefix.lower():
                yield operator, claim.lower(), {str(value) for value in _listed(values)}


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _called(principal: str) -> str:
    arn = Arn.parse(principal)
    return (
        f"provider {principal.partition('oidc-provider/')[2]}"
        if arn and arn.kind == "oidc-provider"
        else principal
    )
