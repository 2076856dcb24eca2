"""AssumeRoleWithWebIdentity, evaluated as by STS.

Codes and statuses: STS API reference. Messages that users reported:
- "No OpenIDConnect provider found in your account for …": aws-actions/configure-aws-credentials#721
- "Incorrect token audience": awslabs/amazon-eks-irsa-cfn#18
- "Couldn't retrieve verification key …" with its two blanks: aws/aws-cli#7194
- "Token expired: …": aws/aws-sdk-java-v2#5709
- "The requested DurationSeconds exceeds …": kreuzwerker/awsu#27
- "The ID Token provided is not a valid JWT. (…)": in many error logs

"The web identity token provided could not be validated" was reported (external-secrets#6648), but it is a
guess that it is the message for an invalid signature. "Missing a required claim: …" (aws/aws-sdk-ruby#2698)
and "Request ARN is invalid" (crossplane-contrib/provider-aws#517) were reported, too. No source: a token that
is not valid yet, and the order of the checks. Tests of a client should only rely on the codes of these.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.config import Config
from pocket_eks.gate.constraints import between, length, matches, violated
from pocket_eks.gate.emulator import Emulator
from pocket_eks.gate.issuer_keys import BadSignature, IssuerKeys, NoKey
from pocket_eks.gate.trust import context_of, judge

SKEW = 300
"""Seconds by which a token may be ahead of the gate's clock."""

ROLE_ARN = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):iam::(?P<account>\d{12}):role/(?:[!-~]*/)?(?P<name>[^/]+)"
)


@dataclass(frozen=True)
class Grant:
    """An allowed call: the values that STS's answer has about it."""

    role_id: str
    session: str
    provider_arn: str
    subject: str
    audience: str


class WebIdentity:
    """Evaluates calls. `now` is Unix time in seconds."""

    def __init__(self, config: Config, emulator: Emulator, keys: IssuerKeys) -> None:
        self._config = config
        self._emulator = emulator
        self._keys = keys

    async def judge(self, params: dict[str, str], source: str = "", now: float | None = None) -> Grant:
        """Return the grant for a call from the address `source`. Raises AwsError with STS's own code."""
        check_parameters(params)
        role_arn = ROLE_ARN.fullmatch(params["RoleArn"])
        if role_arn is None:
            raise AwsError("ValidationError", "Request ARN is invalid")
        token = params["WebIdentityToken"]
        header, claims = decode(token)
        account = role_arn["account"]
        issuer_path = claims["iss"].removeprefix("https://")
        provider = f"arn:{self._config.partition}:iam::{account}:oidc-provider/{issuer_path}"
        await self._check_provider(provider, account, claims)
        await self._check_token(token, header, claims, time.time() if now is None else now)
        role = await self._emulator.role(role_arn["name"], account)
        context = context_of(issuer_path, claims, source)
        # The same error as for a role that does not exist: STS does not reveal which roles exist.
        if role is None or role.arn != params["RoleArn"] or not judge(role.trust, provider, context).allowed:
            raise AwsError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
        if int(params.get("DurationSeconds", 0)) > role.max_session:
            raise AwsError(
                "ValidationError",
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            )
        audience = next(iter(audiences(claims)))
        return Grant(role.role_id, params["RoleSessionName"], provider, claims["sub"], audience)

    async def _check_provider(self, provider: str, account: str, claims: dict[str, Any]) -> None:
        registered = await self._emulator.provider(provider, account)
        if registered is None:
            issuer = claims["iss"]
            raise AwsError(
                "InvalidIdentityToken", f"No OpenIDConnect provider found in your account for {issuer}"
            )
        if not set(registered.client_ids) & set(audiences(claims)):
            raise AwsError("InvalidIdentityToken", "Incorrect token audience")

    async def _check_token(
        self, token: str, header: dict[str, Any], claims: dict[str, Any], now: float
    ) -> None:
        try:
            await self._keys.verify(token, claims["iss"], str(header.get("kid", "")))
        except NoKey:
            raise AwsError(
                "InvalidIdentityToken",
                "Couldn't retrieve verification key from your identity provider,  "
                "please reference AssumeRoleWithWebIdentity documentation for requirements",
            ) from None
        except BadSignature:
            raise AwsError(
                "InvalidIdentityToken", "The web identity token provided could not be validated"
            ) from None
        if now >= claims["exp"]:
            raise AwsError(
                "ExpiredTokenException",
                f"Token expired: current date/time {int(now)} "
                f"must be before the expiration date/time {int(claims['exp'])}",
            )
        if max(claims["iat"], claims["nbf"]) > now + SKEW:
            raise AwsError("InvalidIdentityToken", "The web identity token provided is not valid yet")


def check_parameters(params: dict[str, str]) -> None:
    """Return the failures of STS's constraints (API reference of AssumeRoleWithWebIdentity)."""
    for name in ("RoleArn", "RoleSessionName", "WebIdentityToken"):
        if not params.get(name):
            member = name[0].lower() + name[1:]
            raise AwsError(
                "ValidationError",
                f"1 validation error detected: Value null at '{member}' failed to satisfy constraint: "
                "Member must not be null",
            )
    violated(
        [
            *session_failures(params),
            *length("webIdentityToken", params["WebIdentityToken"], 4, 20000, shown=True),
        ]
    )


def session_failures(params: Mapping[str, str]) -> Iterator[str]:
    """Return the failures of the parameters that all operations of STS have that return a role session."""
    name = params.get("RoleSessionName", "")
    yield from length("roleArn", params.get("RoleArn", ""), 20, 2048, shown=True)
    yield from matches("roleSessionName", name, r"[\w+=,.@-]*", shown=True)
    yield from length("roleSessionName", name, 2, 64, shown=True)
    if "DurationSeconds" in params:
        yield from between("durationSeconds", params["DurationSeconds"], 900, 43200, shown=True)


def decode(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a JWT without verification. The claims include those that STS requires."""
    try:
        first, second, _ = token.split(".")
        header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in (first, second))
        if not isinstance(header, dict) or not isinstance(claims, dict):
            raise ValueError
    except ValueError:
        raise AwsError(
            "InvalidIdentityToken",
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
        ) from None
    claims.setdefault("nbf", 0)
    numbers, texts = ("exp", "iat", "nbf"), ("iss", "sub")
    for claim in (*texts, *numbers):
        if not isinstance(claims.get(claim), (int, float) if claim in numbers else str):
            raise AwsError("InvalidIdentityToken", f"Missing a required claim: {claim}")
    if not audiences(claims):
        raise AwsError("InvalidIdentityToken", "Missing a required claim: aud")
    return header, claims


def audiences(claims: dict[str, Any]) -> list[str]:
    """Return the `aud` claim as a list."""
    found = claims.get("aud", [])
    return [str(one) for one in (found if isinstance(found, list) else [found])]
