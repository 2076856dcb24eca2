"""The checks of AssumeRole: the parameters, the role's trust policy, the duration of the session.

STS API reference: AssumeRole (role chaining limits a session to an hour). Reported: "{arn} is invalid" and
the error for a session name with its value (2025-07), a refusal without a reason, the same for a role that
does not exist (amzn/selling-partner-api-models#891). If the trust policy names the caller's own ARN, the
caller must also be allowed sts:AssumeRole here; AWS then requires nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pocket_eks.gate.authorization import USER
from pocket_eks.gate.aws_calls import access_key
from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.conditions import Context, holds, like, strings
from pocket_eks.gate.config import Config
from pocket_eks.gate.constraints import distinct, tags_of, violated
from pocket_eks.gate.emulator import Emulator
from pocket_eks.gate.message import Named, Request
from pocket_eks.gate.sessions import Session, Sessions
from pocket_eks.gate.web_identity import ROLE_ARN, session_failures

CHAINED = 3600


class AssumeRole:
    """Checks calls. `iam` is IAM as STS sees it, with the lag."""

    def __init__(self, config: Config, iam: Emulator, sessions: Sessions) -> None:
        self._config = config
        self._iam = iam
        self._sessions = sessions

    async def check(self, request: Request, named: Named) -> None:
        """Raise AwsError if the caller cannot assume the role."""
        params = named.params
        arn = params.get("RoleArn", "")
        violated(session_failures(params))
        parts = ROLE_ARN.fullmatch(arn)
        if parts is None:
            raise AwsError("ValidationError", f"{arn} is invalid")
        try:
            distinct(tags_of(params), case_sensitive=False)
        except AwsError as error:
            raise AwsError("InvalidParameterValue", error.message) from None
        session = self._sessions.of(access_key(request))
        role = await self._iam.role(parts["name"], parts["account"])
        callers = self._callers(session)
        context = {
            "aws:principalaccount": [self._config.account],
            "aws:principalarn": [session.role_arn if session else callers[0]],
            "sts:rolesessionname": [params.get("RoleSessionName", "")],
        }
        if "ExternalId" in params:
            context["sts:externalid"] = [params["ExternalId"]]
        if role is None or role.arn != arn or not is_allowed(role.trust, callers, context):
            problem = f"User: {callers[0]} is not authorized to perform: sts:AssumeRole on resource: {arn}"
            raise AwsError("AccessDenied", problem)
        length = int(params.get("DurationSeconds", 0))
        if session and length > CHAINED:
            raise AwsError(
                "ValidationError",
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
                "chaining.",
            )
        if length > role.max_session:
            raise AwsError(
                "ValidationError",
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            )

    def _callers(self, session: Session | None) -> list[str]:
        """Return the principals in a trust policy that match the caller, the caller's ARN first."""
        iam = f"arn:{self._config.partition}:iam::{self._config.account}"
        everybody = [f"{iam}:root", self._config.account, "*"]
        if session is None:
            return [f"{iam}:user/{USER}", *everybody]
        return [session.arn, session.role_arn, *everybody]


def is_allowed(trust: Mapping[str, Any], callers: list[str], context: Context) -> bool:
    """Return whether a trust policy allows one of the principals to assume the role."""
    found = trust.get("Statement", [])
    effects = {
        statement.get("Effect")
        for statement in (found if isinstance(found, list) else [found])
        if speaks_of(statement, callers) and holds(statement.get("Condition") or {}, context) is None
    }
    return "Allow" in effects and "Deny" not in effects


def speaks_of(statement: Mapping[str, Any], callers: list[str]) -> bool:
    """Return whether the action and the principal of a statement match the call."""
    actions = strings(statement.get("Action", statement.get("NotAction", [])))
    if any(like("sts:assumerole", one.lower()) for one in actions) != ("Action" in statement):
        return False
    element = statement.get("Principal", statement.get("NotPrincipal", {}))
    named = strings(element.get("AWS", [])) if isinstance(element, Mapping) else strings(element)
    return bool(set(named) & set(callers)) == ("Principal" in statement)
