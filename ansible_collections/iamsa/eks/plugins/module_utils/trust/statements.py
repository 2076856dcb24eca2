# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trust policies of roles for service accounts: build them, take them apart, judge each statement.

Source: https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..identity.cluster import host_and_path
from ..identity.keys import ACTION_WEB_IDENTITY, POLICY_VERSION
from ..identity.subject import Subject
from ..policy.equality import Document, same_meaning
from .conditions import further_conditions, is_well_formed
from .pods import is_for_pods_alone, trusts_pods
from .statement_parts import condition_tests


@dataclass(frozen=True)
class Grant:
    """What our statement says: tokens of `issuer` for `audience` held by `subjects` may take the role."""

    provider_arn: str
    issuer: str
    audience: str
    subjects: tuple[Subject, ...]

    def of_issuer(self, issuer: str) -> Grant:
        """What it said while that was the cluster's issuer."""
        provider, _issuer = self.provider_arn.split("/", 1)
        return replace(self, provider_arn=f"{provider}/{host_and_path(issuer)}", issuer=issuer)

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

    `ours` names this cluster's provider and exactly our subjects: as we would write it, drifted in action or
    audience, or narrowed by further conditions. `stale` is the same with the provider of an earlier issuer.
    `pods` are what EKS Pod Identity needs, where an association may use the role. `foreign` is all the rest;
    a Deny or a NotPrincipal is never ours. `held` are those of `foreign` that Pod Identity may need too, and
    that trust somebody else besides: nothing removes them.
    """

    ours: tuple[Document, ...]
    stale: tuple[Document, ...]
    foreign: tuple[Document, ...]
    pods: tuple[Document, ...] = ()
    held: tuple[Document, ...] = ()

    @property
    def removable(self) -> tuple[Document, ...]:
        """What --replace-trust removes."""
        return tuple(one for one in self.foreign if one not in self.held)


def trust_policy(statements: Iterable[Document]) -> dict[str, Any]:
    return {"Version": POLICY_VERSION, "Statement": [dict(statement) for statement in statements]}


def statements_of(document: Document) -> tuple[Document, ...]:
    """The statements of a policy, also where a single one stands without a list."""
    found = document.get("Statement")
    return tuple(_listed(found)) if found is not None else ()


def read_trust(
    document: Document, grant: Grant, earlier: Grant | None = None, *, may_serve_pods: bool = True
) -> TrustReading:
    """Sort the statements of `document`; `earlier` is our grant under the issuer in the role's tag.

    `may_serve_pods`: a Pod Identity association may use the role; a statement for Pod Identity is foreign if
    none does.
    """
    ours, stale, foreign, pods = [], [], [], []
    for statement in statements_of(document):
        if _is_for(statement, grant):
            ours.append(statement)
        elif earlier and _is_for(statement, earlier):
            stale.append(statement)
        elif may_serve_pods and is_for_pods_alone(statement):
            pods.append(statement)
        else:
            foreign.append(statement)
    held = filter(trusts_pods, foreign) if may_serve_pods else ()
    return TrustReading(tuple(ours), tuple(stale), tuple(foreign), tuple(pods), tuple(held))


def names_pods(document: Document) -> bool:
    """Whether a trust policy has a statement that lets EKS assume the role for pods."""
    return any(map(trusts_pods, statements_of(document)))


def amended(document: Document, statements: Iterable[Document]) -> dict[str, Any]:
    """`document` with `statements` as its only ones; its Version and Id stay.

    A document without a Version stays without: with one, policy variables in its statements would change
    their meaning.
    """
    return {**document, "Statement": list(statements)}


def kept_conditions(document: Document, grant: Grant) -> tuple[dict[str, dict[str, Any]], ...]:
    """The further conditions of each of our statements that has some."""
    ours = read_trust(document, grant).ours
    return tuple(filter(None, (further_conditions(statement, grant.issuer) for statement in ours)))


def audience_of(statement: Document) -> str | None:
    """The one audience that StringEquals demands by a statement of ours, if it demands just one."""
    found = {value for values in equals_tests(statement, "aud") for value in values}
    return found.pop() if len(found) == 1 else None


def equals_tests(statement: Document, claim: str, prefix: str | None = None) -> list[list[str]]:
    """The values of each StringEquals test of `<prefix>:<claim>`; of any provider's where it is None."""
    return [
        values
        for operator, key, values in condition_tests(statement.get("Condition"))
        if operator.lower() == "stringequals" and _is_key(key, claim, prefix)
    ]


def is_same_statement(one: Document, other: Document) -> bool:
    return same_meaning(trust_policy([one]), trust_policy([other]))


def _is_for(statement: Document, grant: Grant) -> bool:
    if not isinstance(statement, Mapping) or not is_well_formed(statement.get("Condition")):
        return False
    principal = statement.get("Principal")
    demanded = equals_tests(statement, "sub", host_and_path(grant.issuer))
    return (
        statement.get("Effect") == "Allow"
        and "NotPrincipal" not in statement
        and isinstance(principal, Mapping)
        and set(principal) == {"Federated"}
        and _listed(principal["Federated"]) == [grant.provider_arn]
        and {value for values in demanded for value in values} == {one.claim for one in grant.subjects}
    )


def _is_key(key: str, claim: str, prefix: str | None) -> bool:
    issuer, _colon, name = key.rpartition(":")
    return name.lower() == claim and (prefix is None or issuer.lower() == prefix.lower())


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
