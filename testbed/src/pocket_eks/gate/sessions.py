"""The sessions of AssumeRole, so that their credentials can be distinguished from invalid ones.

The values in a TokenReview: aws-iam-authenticator, pkg/server (the extra keys) and the EKS User Guide,
"Access entries" (the user name of a role).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from xml.etree import ElementTree

from pocket_eks.gate.emulator import text
from pocket_eks.gate.message import Answer


@dataclass(frozen=True)
class Session:
    """`arn` is the ARN of the assumed role, as STS writes it; `principal` is the ID of the role."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str = field(repr=False)
    ends: datetime
    arn: str
    principal: str

    @property
    def name(self) -> str:
        """Return the name of the role session."""
        return self.arn.rpartition("/")[2]

    @property
    def role_arn(self) -> str:
        """Return the ARN of the role without its path, which STS omits."""
        start, _, role = self.arn.rpartition("/")[0].partition(":assumed-role/")
        return f"{start.replace(':sts:', ':iam:')}:role/{role}"

    def extra(self) -> dict[str, list[str]]:
        """Return the extra values that the API server gets besides the name of the user."""
        return {
            "accessKeyId": [self.access_key],
            "arn": [self.arn],
            "canonicalArn": [self.role_arn],
            "principalId": [self.principal],
            "sessionName": [self.name],
        }


class Sessions:
    """The sessions by access key ID."""

    def __init__(self) -> None:
        self._kept: dict[str, Session] = {}

    def keep(self, answer: Answer) -> None:
        """Store the session in a successful answer of AssumeRole."""
        if answer.status >= 300:
            return
        found = ElementTree.fromstring(answer.body)
        session = Session(
            access_key=text(found, "AccessKeyId"),
            secret_key=text(found, "SecretAccessKey"),
            token=text(found, "SessionToken"),
            ends=datetime.fromisoformat(text(found, "Expiration").replace("Z", "+00:00")),
            arn=text(found, "AssumedRoleUser/{*}Arn"),
            principal=text(found, "AssumedRoleId").partition(":")[0],
        )
        self._kept[session.access_key] = session

    def of(self, access_key: str) -> Session | None:
        """Return the session with these credentials."""
        return self._kept.get(access_key)
