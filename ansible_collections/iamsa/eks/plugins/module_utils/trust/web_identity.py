# SPDX-License-Identifier: GPL-3.0-or-later

"""Trust for IRSA: pods assume the role with a token of the cluster's issuer (AssumeRoleWithWebIdentity).

Source: https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..identity.arn import Arn
from ..identity.cluster import host_and_path
from ..identity.keys import ACTION_WEB_IDENTITY
from ..identity.subject import Subject
from ..policy.equality import Document
from .conditions import Conditions, further_conditions, is_well_formed, moved
from .evaluate import holds
from .grant import Grant, Mismatch
from .statement_parts import condition_tests, like, listed, names_web_identity, texts
from .words import actions_in_words, principals_in_words

_PROVIDER = "oidc-provider/"


@dataclass(frozen=True)
class WebIdentityGrant:
    """The grant for IRSA: tokens of `issuer` for `audience` and any of `subjects` can assume the role."""

    provider_arn: str
    issuer: str
    audience: str
    subjects: tuple[Subject, ...]

    @property
    def claims(self) -> dict[str, str]:
        prefix = host_and_path(self.issuer).lower()
        return {f"{prefix}:aud": self.audience, self.subject_key: self.subjects[0].claim}

    @property
    def subject_key(self) -> str:
        return f"{host_and_path(self.issuer).lower()}:sub"

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

    def is_ours(self, statement: Document) -> bool:
        if not isinstance(statement, Mapping) or not is_well_formed(statement.get("Condition")):
            return False
        principal = statement.get("Principal")
        demanded = equals_tests(statement, "sub", host_and_path(self.issuer))
        return (
            statement.get("Effect") == "Allow"
            and "NotPrincipal" not in statement
            and isinstance(principal, Mapping)
            and set(principal) == {"Federated"}
            and listed(principal["Federated"]) == [self.provider_arn]
            and {value for values in demanded for value in values} == {one.claim for one in self.subjects}
        )

    def of_issuer(self, issuer: str) -> WebIdentityGrant:
        provider, _issuer = self.provider_arn.split("/", 1)
        return replace(self, provider_arn=f"{provider}/{host_and_path(issuer)}", issuer=issuer)

    def is_about(self, statement: Mapping[str, Any]) -> bool:
        return is_about_provider(statement, self.provider_arn) and names_web_identity(statement)

    def names_action(self, statement: Document) -> bool:
        return names_web_identity(statement)

    def lets_in(self, statement: Document) -> bool:
        audiences = equals_tests(statement, "aud", host_and_path(self.issuer))
        return names_web_identity(statement) and all(self.audience in values for values in audiences)

    def further(self, statement: Document) -> Conditions:
        return further_conditions(statement, self.issuer)

    def taking_over(self, statement: Document, earlier: Grant) -> Document:
        if not isinstance(earlier, WebIdentityGrant):
            raise TypeError(f"{earlier} is not a WebIdentityGrant")
        return {
            **statement,
            "Principal": {"Federated": self.provider_arn},
            "Condition": moved(statement["Condition"], earlier.issuer, self.issuer),
        }

    def mismatches(self, statement: Mapping[str, Any]) -> dict[Mismatch, str]:
        """As in Grant; if a statement names an earlier issuer, the rest is compared as for that issuer."""
        found = dict(_principal(statement, self))
        if "principal" in found:
            return found
        grant = replace(self, issuer=found["issuer"]) if "issuer" in found else self
        if not names_web_identity(statement):
            found["action"] = actions_in_words(statement)
        found.update(_conditions(statement, grant, has_issuer="issuer" not in found))
        return found


def audience_of(statement: Document) -> str | None:
    """The audience that a statement of ours requires with StringEquals; None unless there is exactly one."""
    found = {value for values in equals_tests(statement, "aud") for value in values}
    return found.pop() if len(found) == 1 else None


def equals_tests(statement: Document, claim: str, prefix: str | None = None) -> list[list[str]]:
    """The values of each StringEquals test of `<prefix>:<claim>`; `prefix` None matches any issuer."""
    return [
        values
        for operator, key, values in condition_tests(statement.get("Condition"))
        if operator.lower() == "stringequals" and _is_key(key, claim, prefix)
    ]


def is_about_provider(statement: Mapping[str, Any], provider_arn: str) -> bool:
    """Whether Principal includes the provider's tokens, or NotPrincipal does not exclude them."""
    if "NotPrincipal" in statement:
        return not _covers(statement["NotPrincipal"], provider_arn)
    return _covers(statement.get("Principal"), provider_arn)


def _covers(principal: Any, provider_arn: str) -> bool:
    if not isinstance(principal, Mapping):
        return bool(principal == "*")
    return provider_arn in texts(principal.get("Federated")) or "*" in texts(principal.get("AWS"))


def _is_key(key: str, claim: str, prefix: str | None) -> bool:
    issuer, _colon, name = key.rpartition(":")
    return name.lower() == claim and (prefix is None or issuer.lower() == prefix.lower())


def _principal(statement: Mapping[str, Any], grant: WebIdentityGrant) -> Iterator[tuple[Mismatch, str]]:
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
    statement: Mapping[str, Any], grant: WebIdentityGrant, *, has_issuer: bool
) -> Iterator[tuple[Mismatch, str]]:
    claims = grant.claims
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


def _is_a_clusters(issuer: str, grant: WebIdentityGrant) -> bool:
    """Whether it may be the issuer of an earlier cluster, or this cluster's issuer under its other host name.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
    """
    ours = host_and_path(grant.issuer)
    return "/id/" in issuer or issuer.rpartition("/")[0].lower() == ours.rpartition("/")[0].lower()


def _joined(value: Any) -> str:
    return ", ".join(texts(value)) or "nobody"
