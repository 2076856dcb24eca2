# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a trust policy does not let a ServiceAccount's token in: which part of which statement is wrong.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from ..identity.arn import Arn
from ..identity.cluster import host_and_path
from ..policy.equality import Document
from .evaluate import claims_of, holds, is_about_provider, refers_to
from .statement_parts import condition_tests, like, names_web_identity, texts
from .statements import Grant, statements_of
from .words import actions_in_words, principals_in_words

Mismatch = Literal["principal", "issuer", "action", "audience", "subject", "wildcard", "condition"]

_PROVIDER = "oidc-provider/"


@dataclass(frozen=True)
class TrustFaults:
    """`deny` are statements that keep the token out; `nearest` is the Allow statement that lacks the least,
    and `mismatches` what it lacks, with the words found there. None is nearest where nothing is allowed."""

    deny: tuple[Document, ...]
    nearest: Document | None
    mismatches: Mapping[Mismatch, str]


def trust_faults(document: Document, grant: Grant) -> TrustFaults:
    """Judge every statement for the token of the first of `grant`'s subjects."""
    statements = [one for one in statements_of(document) if isinstance(one, Mapping)]
    allow = [(mismatches(one, grant), one) for one in statements if one.get("Effect") == "Allow"]
    refused = tuple(
        one for one in statements if one.get("Effect") == "Deny" and refers_to(one, grant) == "yes"
    )
    if not allow:
        return TrustFaults(refused, None, {})
    found, nearest = min(allow, key=lambda one: _distance(one[0]))
    return TrustFaults(refused, nearest, found)


def mismatches(statement: Mapping[str, Any], grant: Grant) -> dict[Mismatch, str]:
    """What keeps an Allow statement from letting the token in; where it names an earlier issuer, the rest is
    judged as if that were the cluster's."""
    found = dict(_principal(statement, grant))
    if "principal" in found:
        return found
    if "issuer" in found:
        issuer = found["issuer"]
        grant = replace(grant, issuer=issuer)
    if not names_web_identity(statement):
        found["action"] = actions_in_words(statement)
    found.update(_conditions(statement, grant, has_issuer="issuer" not in found))
    return found


def _principal(statement: Mapping[str, Any], grant: Grant) -> Iterator[tuple[Mismatch, str]]:
    if is_about_provider(statement, grant.provider_arn):
        return
    principal = statement.get("Principal")
    if "NotPrincipal" in statement:
        yield "principal", principals_in_words(statement)
        return
    named = principal if isinstance(principal, Mapping) else {}
    ours = Arn.parse(grant.provider_arn)
    for one in texts(named.get("Federated")):
        arn = Arn.parse(one)
        if arn and ours and (arn.partition, arn.account) == (ours.partition, ours.account):
            issuer = arn.resource.partition(_PROVIDER)[2]
            if _is_a_clusters(issuer, grant):
                yield "issuer", issuer
                return
    yield "principal", _joined([who for value in named.values() for who in texts(value)] or principal)


def _conditions(
    statement: Mapping[str, Any], grant: Grant, *, has_issuer: bool
) -> Iterator[tuple[Mismatch, str]]:
    claims = claims_of(grant)
    for operator, key, wanted in condition_tests(statement.get("Condition")):
        if holds(operator, key.lower(), wanted, claims) != "no":
            continue
        given = claims.get(key.lower())
        prefix, _colon, claim = key.rpartition(":")
        is_plain = "string" in operator.lower() and "not" not in operator.lower()
        if given is None or not is_plain or claim.lower() not in ("aud", "sub"):
            is_ours = host_and_path(prefix).lower() == host_and_path(grant.issuer).lower()
            is_stale = has_issuer and not is_ours and _is_a_clusters(prefix, grant)
            yield ("issuer", prefix) if is_stale and is_plain else ("condition", f"{operator} on {key}")
        elif operator.lower() == "stringequals" and any(like(given, one) for one in wanted):
            yield "wildcard", _joined(wanted)
        else:
            yield ("audience" if claim.lower() == "aud" else "subject"), _joined(wanted)


def _distance(found: Mapping[Mismatch, str]) -> int:
    # A statement that is about somebody else altogether is further away than any that has a mistake.
    return len(found) + (10 if "principal" in found else 0)


def _is_a_clusters(issuer: str, grant: Grant) -> bool:
    """Whether it may be the issuer of an earlier cluster, or this one's under its other host.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
    """
    ours = host_and_path(grant.issuer)
    return "/id/" in issuer or issuer.rpartition("/")[0].lower() == ours.rpartition("/")[0].lower()


def _joined(value: Any) -> str:
    return ", ".join(texts(value)) or "nobody"
