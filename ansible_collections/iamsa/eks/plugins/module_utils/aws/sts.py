# SPDX-License-Identifier: GPL-3.0-or-later

"""STS: whose credentials are, and what a token of a ServiceAccount is good for.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html and
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html; neither needs a grant.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any

from ..errors import RemoteError, ResourceRef
from ..identity.account import RoleHome
from ..identity.arn import Arn
from ..identity.keys import ACTION_WEB_IDENTITY, POLICY_VERSION
from .call import THROTTLED, code_of, one_line, translated
from .session import AwsSession

if TYPE_CHECKING:
    from ..model.verification import Refusal, Token

IDENTITY = "sts:GetCallerIdentity"
# The shortest session that STS gives, with a policy under which nothing can be done in it.
SESSION_SECONDS = 900
NOTHING = json.dumps(
    {"Version": POLICY_VERSION, "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
)


class Sts:
    """For any number of threads."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def home(self) -> RoleHome:
        """Partition and account of the credentials.

        Raises:
            RemoteError: AWS does not take the credentials, or did not answer.
        """
        with translated(IDENTITY):
            told = self._session.sts.get_caller_identity()["Arn"]
        arn = Arn.parse(told)
        if arn is None:
            raise RemoteError(f"STS sent a caller's ARN that is none: {told!r}")
        return RoleHome(arn.partition, arn.account)

    def assume(self, role_arn: str, token: Token, session_name: str) -> str | Refusal:
        """Who the token's bearer is under the role, as STS itself tells: an ARN; or STS's refusal.

        Nothing can be done in the session, and its credentials are forgotten.

        Raises:
            RemoteError: STS did not answer, or refuses to be asked just now.
        """
        from ..model.verification import Refusal  # noqa: PLC0415

        role = ResourceRef("role", role_arn.rpartition("/")[2])
        with translated(ACTION_WEB_IDENTITY, role, words=f"role {role_arn}"):
            found = _answer_of(lambda: self._credentials(role_arn, token, session_name), token)
        if isinstance(found, Refusal):
            return found
        with translated(IDENTITY):
            told: str | Refusal = _answer_of(lambda: self._identity(found), token)
        return told

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
    """What STS answers, or its refusal where that is about the token, the role or their credentials."""
    from botocore.exceptions import ClientError  # noqa: PLC0415

    from ..model.verification import Refusal  # noqa: PLC0415

    try:
        return call()
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = code_of(error)
        if status >= 500 or code in THROTTLED:
            raise
        message = str(error.response.get("Error", {}).get("Message", ""))
        # A value that STS refuses may be told back.
        return Refusal(code, one_line(message.replace(token.value, "TOKEN")))
