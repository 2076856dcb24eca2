# SPDX-License-Identifier: GPL-3.0-or-later

"""Trust policies of roles for service accounts: build them, and classify their statements.

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
    """Whether a statement allows EKS Pod Identity to assume the role, whatever else it allows."""
    if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow":
        return False
    principal = statement.get("Principal")
    return isinstance(principal, Mapping) and POD_SERVICE in texts(principal.get("Service"))


def is_for_pods_alone(statement: Document) -> bool:
    """Whether a statement allows only EKS Pod Identity to assume the role."""
    if not trusts_pods(statement) or "NotPrincipal" in statement:
        return False
    principal = statement["Principal"]
    return set(principal) == {"Service"} and set(texts(principal["Service"])) == {POD_SERVICE}


class TrustReading(NamedTuple):
    """A role's trust statements, classified by what iamsa may do with them.

    `ours` are for exactly the grant's subjects: correct, drifted in action or audience, or restricted by
    further conditions. `stale` are the same under an earlier issuer of the cluster. `pods` are for EKS Pod
    Identity alone, if an association may use the role. `unmanaged` are all others, including every Deny and
    every NotPrincipal. `held` are those of `unmanaged` that Pod Identity may need and that also trust another
    principal: they are never removed.
    """

    ours: tuple[Document, ...]
    stale: tuple[Document, ...]
    unmanaged: tuple[Document, ...]
    pods: tuple[Document, ...] = ()
    held: tuple[Document, ...] = ()

    @property
    def removable(self) -> tuple[Document, ...]:
        """The statements that --replace-trust removes."""
        return tuple(one for one in self.unmanaged if one not in self.held)


def trust_policy(statements: Iterable[Document]) -> dict[str, Any]:
    """A new trust policy with these statements."""
    return {"Version": POLICY_VERSION, "Statement": [dict(statement) for statement in statements]}


def statements_of(document: Document) -> tuple[Document, ...]:
    """The statements of a policy, whose Statement may be a list or a single statement."""
    found = document.get("Statement")
    return tuple(listed(found)) if found is not None else ()


def read_trust(
    document: Document, grant: Grant, earlier: Grant | None = None, *, may_serve_pods: bool = True
) -> TrustReading:
    """Classify the statements of `document`; `earlier` is the grant under the issuer in the role's tag.

    `may_serve_pods`: a Pod Identity association may use the role. Otherwise statements for Pod Identity are
    `unmanaged`.
    """
    ours, stale, unmanaged, pods = [], [], [], []
    for statement in statements_of(document):
        if grant.is_ours(statement):
            ours.append(statement)
        elif earlier and earlier.is_ours(statement):
            stale.append(statement)
        elif may_serve_pods and is_for_pods_alone(statement):
            pods.append(statement)
        else:
            unmanaged.append(statement)
    held = filter(trusts_pods, unmanaged) if may_serve_pods else ()
    return TrustReading(tuple(ours), tuple(stale), tuple(unmanaged), tuple(pods), tuple(held))


def names_pods(document: Document) -> bool:
    """Whether a trust policy has a statement that allows EKS Pod Identity to assume the role."""
    return any(map(trusts_pods, statements_of(document)))


def amended(document: Document, statements: Iterable[Document]) -> dict[str, Any]:
    """`document` with `statements` instead of its own; Version and Id are kept.

    No Version is added, because that would change the meaning of policy variables in the statements.
    """
    return {**document, "Statement": list(statements)}


def kept_conditions(document: Document, grant: Grant) -> tuple[Conditions, ...]:
    """The further conditions of each of our statements that has any."""
    ours = read_trust(document, grant).ours
    return tuple(filter(None, (grant.further(statement) for statement in ours)))


def is_same_statement(one: Document, other: Document) -> bool:
    """Whether two statements are equivalent."""
    return same_meaning(trust_policy([one]), trust_policy([other]))
