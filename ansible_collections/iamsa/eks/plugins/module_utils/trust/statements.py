# SPDX-License-Identifier: GPL-3.0-or-later

"""Trust policies of roles for service accounts: build them, take them apart, judge each statement.

Source: https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..identity.keys import POLICY_VERSION
from ..policy.equality import Document, same_meaning
from .conditions import Conditions
from .grant import Grant
from .statement_parts import listed, texts

POD_SERVICE = "pods.eks.amazonaws.com"


def trusts_pods(statement: Document) -> bool:
    """Whether a statement lets EKS assume the role for pods, whoever else it trusts."""
    if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow":
        return False
    principal = statement.get("Principal")
    return isinstance(principal, Mapping) and POD_SERVICE in texts(principal.get("Service"))


def is_for_pods_alone(statement: Document) -> bool:
    """Whether it lets nobody else assume the role."""
    if not trusts_pods(statement) or "NotPrincipal" in statement:
        return False
    principal = statement["Principal"]
    return set(principal) == {"Service"} and set(texts(principal["Service"])) == {POD_SERVICE}


class TrustReading(NamedTuple):
    """A role's trust statements, each under the heading that decides what may happen to it.

    `ours` is for exactly our subjects: as we would write it, drifted in action or audience, or narrowed by
    further conditions. `stale` is the same of an earlier issuer of the cluster.
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
    return tuple(listed(found)) if found is not None else ()


def read_trust(
    document: Document, grant: Grant, earlier: Grant | None = None, *, may_serve_pods: bool = True
) -> TrustReading:
    """Sort the statements of `document`; `earlier` is our grant under the issuer in the role's tag.

    `may_serve_pods`: a Pod Identity association may use the role; a statement for Pod Identity is foreign if
    none does.
    """
    ours, stale, foreign, pods = [], [], [], []
    for statement in statements_of(document):
        if grant.is_ours(statement):
            ours.append(statement)
        elif earlier and earlier.is_ours(statement):
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


def kept_conditions(document: Document, grant: Grant) -> tuple[Conditions, ...]:
    """The further conditions of each of our statements that has some."""
    ours = read_trust(document, grant).ours
    return tuple(filter(None, (grant.further(statement) for statement in ours)))


def is_same_statement(one: Document, other: Document) -> bool:
    return same_meaning(trust_policy([one]), trust_policy([other]))
