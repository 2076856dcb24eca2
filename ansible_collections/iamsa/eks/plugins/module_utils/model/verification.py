# SPDX-License-Identifier: GPL-3.0-or-later

"""What a proof is about and what came of it: may the pods of a ServiceAccount have the role it names?

Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ..errors import IamsaError, RemoteError
from ..identity.cluster import ClusterRef
from ..identity.subject import Subject, service_account_ref
from ..wording.text import Sentence
from .association import UNASKED, Association, SeenAssociations, gets
from .simulation import Permission

Verdict = Literal["yes", "no", "unknown"]
Cause = Literal[
    "serviceAccountMissing",
    "notAnnotated",
    "malformedArn",
    "podsRefused",
    "providerMissing",
    "audienceNotAccepted",
    "thumbprintMismatch",
    "issuerKeysMissing",
    "issuerNotReachable",
    "tokenNotAccepted",
    "tokenExpired",
    "notTrusted",
    "roleMissing",
    "otherPath",
    "notAdmitted",
    "credentialsNotAccepted",
    "stsNotActivated",
    "refused",
    "otherRole",
    "podIdentity",
]


# What GetRole told of the role. "elsewhere": of another account, which is not read; "unread": not allowed.
RoleLook = Literal["there", "missing", "otherPath", "elsewhere", "unread"]


@dataclass(frozen=True)
class Token:
    """A token of a ServiceAccount, which lets its bearer act as it: used once, and shown nowhere."""

    value: str = field(repr=False)


class Refusal(NamedTuple):
    """STS's answer to a token that it does not take: its code and its words."""

    code: str
    message: str


class Reason(NamedTuple):
    """Why pods do not get the role; `words` complete "cannot assume …: ", where "it" is the ServiceAccount.

    `code` is AWS's own, "" where AWS was not asked. What `lasts` no waiting can mend.
    """

    cause: Cause
    words: str
    code: str = ""
    lasts: bool = False


@dataclass(frozen=True)
class Verification:
    """What came of one proof.

    `role_arn` is what the annotation names, `assumed` the ARN that GetCallerIdentity told; `seconds` is the
    time from the first question to the last answer, waiting included. `obstacle` is what kept it, or the
    look at the permissions that were asked for, from being found out. With one of the `associations` pods do
    not get the annotation's role by a token, and no token is tried; where those were not read, what is told
    here is of the annotation alone. `via` is the kind of binding.
    """

    cluster: ClusterRef
    subject: Subject
    role_arn: str
    audience: str
    via: str
    assumed: str = ""
    seconds: float = 0.0
    attempts: int = 0
    reason: Reason | None = None
    permissions: tuple[Permission, ...] = ()
    obstacle: IamsaError | None = None
    associations: SeenAssociations = UNASKED

    @property
    def is_assumable(self) -> bool:
        return bool(self.assumed)

    @property
    def denied(self) -> tuple[Permission, ...]:
        """Those of the permissions asked for that the role has not."""
        return tuple(one for one in self.permissions if not one.is_allowed)

    @property
    def verdict(self) -> Verdict:
        """`yes`: the role is assumable, and all that was asked for is allowed."""
        if self.reason and self.reason.cause == "podIdentity":
            return "unknown"
        if self.reason or self.denied:
            return "no"
        return "unknown" if self.obstacle else "yes"


class Verifications(NamedTuple):
    """Of many ServiceAccounts, in the order of namespaces and names."""

    cluster: ClusterRef
    items: tuple[Verification, ...]


def by_association(association: Association, named: str) -> Reason:
    """Why no token is tried where an association gives pods their role; `named` is the annotation's, or "".

    From outside of a pod nothing can be tried of what the agent hands out.
    """
    is_other = bool(named and association.given and association.given != named)
    return Reason("otherRole" if is_other else "podIdentity", gets(association, named), lasts=True)


def missing_service_account() -> Reason:
    return Reason("serviceAccountMissing", "it does not exist", lasts=True)


def predicate(verification: Verification) -> str:
    """What a no says of the ServiceAccount, with AWS's code: completes "serviceaccount web/app"."""
    reason = verification.reason
    if reason is None:
        missing = ", ".join(f"{one.action} on {one.resource}" for one in verification.denied)
        return f"may assume its role, which lacks {missing}"
    if reason.cause == "serviceAccountMissing":
        return "does not exist"
    if reason.cause == "otherRole":
        return reason.words
    if reason.cause == "podIdentity":
        return f"{reason.words}, which cannot be tried from outside of a pod"
    role = verification.role_arn if verification.role_arn and reason.cause != "malformedArn" else "a role"
    return f"cannot assume {role}: {reason.words}{f' ({reason.code})' if reason.code else ''}"


def error_of(verification: Verification, remedy: Sentence) -> IamsaError:
    """What to raise where a run needs the role to be assumable and it is not."""
    if verification.obstacle:
        return verification.obstacle
    return RemoteError(
        f"serviceaccount {verification.subject} {predicate(verification)}",
        code=verification.reason.code if verification.reason else "",
        remedy=remedy,
        resource=service_account_ref(verification.subject),
    )
