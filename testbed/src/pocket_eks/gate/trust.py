"""Evaluates trust policies: whether a web identity is allowed to assume the role.

IAM User Guide: "Policy evaluation logic" (an explicit deny takes precedence; what no statement allows is
denied), "AWS JSON policy elements: Principal", "Available keys for AWS web identity federation".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pocket_eks.gate.conditions import Context, holds, like, strings

ACTION = "sts:AssumeRoleWithWebIdentity"


@dataclass(frozen=True)
class Verdict:
    """Whether the call is allowed. `reason` is for debugging tests. AWS never returns it."""

    allowed: bool
    reason: str


def context_of(issuer_path: str, claims: Mapping[str, Any], source: str = "") -> dict[str, list[str]]:
    """Return the condition keys of a token: `<issuer host/path>:aud`, `:sub`, `:amr`, `:email`, `:oaud`.

    For a call from the address `source` to the public endpoint, aws:SourceIp exists, while aws:SourceVpc,
    aws:SourceVpce and aws:VpcSourceIp do not (IAM User Guide: "AWS global condition context keys").
    """
    context: dict[str, list[str]] = {"aws:sourceip": [source]} if source else {}
    for claim in ("aud", "sub", "amr", "email"):
        if claim in claims:
            context[f"{issuer_path}:{claim}".lower()] = strings(claims[claim])
    if "azp" in claims:
        context[f"{issuer_path}:oaud".lower()] = strings(claims.get("aud", []))
        context[f"{issuer_path}:aud".lower()] = strings(claims["azp"])
    return context


def judge(document: Mapping[str, Any], provider_arn: str, context: Context) -> Verdict:
    """Evaluate a trust policy with valid grammar for ACTION. `provider_arn` is the principal."""
    statements = document.get("Statement", [])
    allowed: str | None = None
    reasons: list[str] = []
    for number, statement in enumerate(statements if isinstance(statements, list) else [statements]):
        miss = mismatch(statement, provider_arn, context)
        if miss is not None:
            reasons.append(f"statement {number}: {miss}")
        elif statement.get("Effect") == "Deny":
            return Verdict(False, f"statement {number} denies it")
        elif allowed is None:
            allowed = f"statement {number} allows it"
    if allowed is not None:
        return Verdict(True, allowed)
    return Verdict(False, "; ".join(reasons) or "the policy has no statement")


def mismatch(statement: Mapping[str, Any], provider_arn: str, context: Context) -> str | None:
    """Return None if the statement applies to this call, else the element that does not match."""
    if not principal_matches(statement, provider_arn):
        return "another principal"
    if not action_matches(statement):
        return "another action"
    failed = holds(statement.get("Condition") or {}, context)
    return None if failed is None else f"condition {failed}"


def principal_matches(statement: Mapping[str, Any], provider_arn: str) -> bool:
    """Return whether Principal includes the provider, or NotPrincipal does not."""
    if "NotPrincipal" in statement:
        return not covers(statement["NotPrincipal"], provider_arn)
    return covers(statement.get("Principal", {}), provider_arn)


def covers(principal: Any, provider_arn: str) -> bool:
    """Return whether a principal element includes a provider, by its ARN or by `*`."""
    if not isinstance(principal, Mapping):
        return bool(principal == "*")
    return provider_arn in strings(principal.get("Federated", [])) or "*" in strings(principal.get("AWS", []))


def action_matches(statement: Mapping[str, Any]) -> bool:
    """Return whether Action includes ACTION, or NotAction does not. Actions ignore case."""
    if "NotAction" in statement:
        return not any(like(ACTION.lower(), one.lower()) for one in strings(statement["NotAction"]))
    return any(like(ACTION.lower(), one.lower()) for one in strings(statement.get("Action", [])))
