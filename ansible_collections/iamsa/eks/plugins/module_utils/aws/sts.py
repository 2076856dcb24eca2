# SPDX-License-Identifier: GPL-3.0-or-later

"""STS: identify the caller, and assume a role with a ServiceAccount's token.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html and
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html; neither call requires
permissions.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any

from ..errors import RemoteError, ResourceRef, quoted
from ..identity.account import RoleHome
from ..identity.arn import Arn
from ..identity.keys import ACTION_WEB_IDENTITY, POLICY_VERSION
from .call import THROTTLED, code_of, one_line, translated
from .session import AwsSession

if TYPE_CHECKING:
    from ..model.verification import Refusal, Token

IDENTITY = "sts:GetCallerIdentity"
# The shortest session that STS allows, with a session policy that denies everything.
SESSION_SECONDS = 900
NOTHING = json.dumps(
    {"Version": POLICY_VERSION, "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
)


class Sts:
    """STS in the session's region. Thread-safe."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def home(self) -> RoleHome:
        """The partition and account of the credentials.

        Raises:
            Unlocated: there are no credentials.
            RemoteError: AWS rejected the credentials, or did not answer.
        """
        with translated(IDENTITY):
            caller = self._session.sts.get_caller_identity()["Arn"]
        arn = Arn.parse(caller)
        if arn is None:
            raise RemoteError(f"STS returned an invalid caller ARN: {quoted(caller)}")
        return RoleHome(arn.partition, arn.account)

    def assume(self, role_arn: str, token: Token, session_name: str) -> str | Refusal:
        """The ARN of the assumed role session, as STS shows it, or STS's refusal.

        The session policy denies every action, and the session's credentials are discarded.

        Raises:
            RemoteError: STS did not answer, failed, or throttled the call.
        """
        from ..model.verification import Refusal  # noqa: PLC0415

        role = ResourceRef("role", role_arn.rpartition("/")[2])
        with translated(ACTION_WEB_IDENTITY, role, words=f"role {role_arn}"):
            found = _answer_of(lambda: self._credentials(role_arn, token, session_name), token)
        if isinstance(found, Refusal):
            return found
        with translated(IDENTITY):
            answer: str | Refusal = _answer_of(lambda: self._identity(found), token)
        return answer

    def _credentials(self, role_arn: str, token: Token, session_name: str) -> tuple[str, str, str]:
        found = self._session.unsigned_sts.assume_role_with_web_identity(
            RoleArn=role_arn,
            RoleSessionName=session_name,
            WebIdentityToken=token.value,
            DurationSeconds=SESSION_SECONDS,
            Policy=NOTHING,
        )["Credentials"]
        return found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"]

    def _identity(self, keys: tuple[str, str, str]) -> str:
        with closing(self._session.sts_of(keys)) as client:
            return client.get_caller_identity()["Arn"]


def _answer_of(call: Callable[[], Any], token: Token) -> Any:
    """STS's answer, or its refusal if that concerns the token, the role or the session's credentials."""
    from botocore.exceptions import ClientError  # noqa: PLC0415

    from ..model.verification import Refusal  # noqa: PLC0415

    try:
        return call()
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = code_of(error)
        if status >= 500 or code in THROTTLED:
            raise
        message = str(error.response.get("Error", {}).get("Message") or "")
        # STS may quote the rejected token in its message.
        return Refusal(code, one_line(message.replace(token.value, "TOKEN")))
