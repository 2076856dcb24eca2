# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask IAM's policy simulator what a role's policies allow.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...errors import RemoteError, ResourceRef
from ..call import translated
from ..session import AwsSession

if TYPE_CHECKING:
    from ...model.simulation import Limiter, Permission, Question


class Simulator:
    """IAM's policy simulator. Thread-safe. Every method raises Denied or RemoteError."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def simulate(self, role_arn: str, question: Question) -> tuple[Permission, ...]:
        """One Permission for each action on each resource, in the question's order."""
        answers: dict[tuple[str, str], Permission] = {}
        with translated("iam:SimulatePrincipalPolicy", _ref(role_arn), words=f"role {role_arn}"):
            pages = self._session.iam.get_paginator("simulate_principal_policy").paginate(
                PolicySourceArn=role_arn,
                ActionNames=list(question.actions),
                ResourceArns=list(question.resources),
            )
            for page in pages:
                for result in page.get("EvaluationResults", ()):
                    for answer in _answers(result):
                        answers[answer.action.lower(), answer.resource] = answer
        return tuple(
            _found(answers, action, resource, role_arn)
            for action in question.actions
            for resource in question.resources
        )


def _found(
    answers: Mapping[tuple[str, str], Permission], action: str, resource: str, role_arn: str
) -> Permission:
    answer = answers.get((action.lower(), resource))
    if answer is None:
        raise RemoteError(
            f"iam:SimulatePrincipalPolicy for role {role_arn} returned no result for {action} on {resource}",
            code="NoAnswer",
            resource=_ref(role_arn),
        )
    return answer


def _ref(role_arn: str) -> ResourceRef:
    return ResourceRef("role", role_arn.rpartition("/")[2])


def _answers(result: Mapping[str, Any]) -> list[Permission]:
    """One Permission for each resource; the result's own decision combines them all."""
    from ...model.simulation import Permission  # noqa: PLC0415

    organization = result.get("OrganizationsDecisionDetail") or {}
    parts = result.get("ResourceSpecificResults") or [
        {
            **result,
            "EvalResourceName": result.get("EvalResourceName", "*"),
            "EvalResourceDecision": result["EvalDecision"],
        }
    ]
    return [
        Permission(
            action=result["EvalActionName"],
            resource=part["EvalResourceName"],
            decision=part["EvalResourceDecision"],
            limiter=_limiter(part, result, organization),
            missing_context=tuple(part.get("MissingContextValues") or ()),
        )
        for part in parts
    ]


def _limiter(part: Mapping[str, Any], result: Mapping[str, Any], organization: Mapping[str, Any]) -> Limiter:
    if part["EvalResourceDecision"] == "allowed":
        return ""
    if organization.get("AllowedByOrganizations") is False:
        return "organization"
    boundary = (
        part.get("PermissionsBoundaryDecisionDetail") or result.get("PermissionsBoundaryDecisionDetail") or {}
    )
    return "boundary" if boundary.get("AllowedByPermissionsBoundary") is False else ""
