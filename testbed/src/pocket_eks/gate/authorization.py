"""Authorization of the user's AWS calls by the identity-based policy in the settings.

Messages: IAM User Guide, "Troubleshoot access denied error messages". EKS has its own error code for them
(EKS API reference: Common Errors).
"""

from __future__ import annotations

from pocket_eks.gate.authorization_policy import Question, Verdict, judge
from pocket_eks.gate.authorization_request import Questions
from pocket_eks.gate.aws_calls import access_key
from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.config import Config
from pocket_eks.gate.message import Named, Request
from pocket_eks.gate.settings import Settings

JUDGED = frozenset(("eks", "iam", "sts"))
NO_GRANT = frozenset(
    (
        "sts:AssumeRoleWithSAML",
        "sts:AssumeRoleWithWebIdentity",
        "sts:GetCallerIdentity",
        "sts:GetSessionToken",
    )
)
"""What nobody needs to be allowed (STS API reference)."""

USER = "moto"
"""The user's name, as GetCallerIdentity has it."""


class Authorization:
    """Authorizes all calls except the administrator's. Without a policy, everything is allowed."""

    def __init__(self, config: Config, settings: Settings, questions: Questions) -> None:
        self._config = config
        self._settings = settings
        self._questions = questions

    async def check(self, request: Request, named: Named) -> None:
        """Raise AwsError if the call is not allowed."""
        policy = self._settings.policy
        if policy is None or named.service not in JUDGED or named.action in NO_GRANT:
            return
        if self._config.admin_access_key and access_key(request) == self._config.admin_access_key:
            return
        for question in await self._questions.of(request, named):
            verdict = judge(policy, question)
            if verdict is not Verdict.ALLOWED:
                raise self._denied(named.service, question, verdict)

    def _denied(self, service: str, question: Question, verdict: Verdict) -> AwsError:
        user = f"arn:{self._config.partition}:iam::{self._config.account}:user/{USER}"
        why = (
            "with an explicit deny in an identity-based policy"
            if verdict is Verdict.DENIED
            else f"because no identity-based policy allows the {question.action} action"
        )
        return AwsError(
            "AccessDeniedException" if service == "eks" else "AccessDenied",
            f"User: {user} is not authorized to perform: {question.action} "
            f"on resource: {question.resource} {why}",
        )
