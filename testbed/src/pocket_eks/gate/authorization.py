"""Authorization of the user's AWS calls by the policies in the settings.

Messages: IAM User Guide, "Troubleshoot access denied error messages"; AWS Security Blog, "Enhanced access
denied error messages with policy ARNs" (2026-01). Since 2026-08, some of IAM's messages in CloudTrail end
with a link to details. STS gives no reason, except for an explicit deny (langwatch/langwatch#7053, 2026-08).
EKS has its own error code (EKS API reference: Common Errors).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from pocket_eks.gate.authorization_policy import Question, Verdict, judge
from pocket_eks.gate.authorization_request import Questions
from pocket_eks.gate.aws_calls import access_key
from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.config import Config
from pocket_eks.gate.message import Named, Request
from pocket_eks.gate.settings import IDENTITY, Settings

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

WITH_DETAILS = frozenset(
    (
        "iam:GetInstanceProfile",
        "iam:GetRole",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListMFADevices",
    )
)
"""Actions whose refusals were seen with an authorization ID; AWS promises it for none."""

DETAILS = (
    ". Go to https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/{0} "
    "for complete details, or call the GetRequestAuthorizationDetails API with the following authorization "
    "id: {0}"
)

ARNS = {
    IDENTITY: "arn:{partition}:iam::{account}:policy/{user}",
    "permissions boundary": "arn:{partition}:iam::{account}:policy/{user}-boundary",
    "resource control policy": "arn:{partition}:organizations::{account}:policy/o-a1b2c3d4e5/"
    "resource_control_policy/p-rcp4e5f6",
    "service control policy": "arn:{partition}:organizations::{account}:policy/o-a1b2c3d4e5/"
    "service_control_policy/p-scp4e5f6",
}
"""The policy's ARN, which an explicit denial tells, by the kind of policy; the other kinds have none."""

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
        policies = list(self._policies())
        if not policies or named.service not in JUDGED or named.action in NO_GRANT:
            return
        if self._config.admin_access_key and access_key(request) == self._config.admin_access_key:
            return
        for question in await self._questions.of(request, named):
            verdicts = [(kind, judge(document, question)) for kind, document in policies]
            # An explicit deny takes precedence, in whichever policy it is.
            for wanted in (Verdict.DENIED, Verdict.NOTHING):
                for kind, verdict in verdicts:
                    if verdict is wanted:
                        raise self._denied(named.service, question, kind, verdict)

    def _policies(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Return the policies that are set, in the order in which AWS evaluates them: kind and document."""
        for kind, document in self._settings.policies().items():
            if document is not None:
                yield kind, document

    def _denied(self, service: str, question: Question, kind: str, verdict: Verdict) -> AwsError:
        config = self._config
        user = f"arn:{config.partition}:iam::{config.account}:user/{USER}"
        refusal = f"User: {user} is not authorized to perform: {question.action} on resource: {question.told}"
        code = "AccessDeniedException" if service == "eks" else "AccessDenied"
        if verdict is Verdict.DENIED:
            article = "an" if kind == IDENTITY else "a"
            arn = ARNS.get(kind, "").format(partition=config.partition, account=config.account, user=USER)
            which = f": {arn}" if arn else ""
            return AwsError(code, f"{refusal} with an explicit deny in {article} {kind}{which}")
        if service == "sts":
            return AwsError(code, refusal)
        details = kind == IDENTITY and question.action in WITH_DETAILS
        more = DETAILS.format(uuid.uuid4()) if details else ""
        return AwsError(code, f"{refusal} because no {kind} allows the {question.action} action{more}")
