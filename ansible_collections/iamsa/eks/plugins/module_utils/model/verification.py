# SPDX-License-Identifier: GPL-3.0-or-later

"""The check that pods of a ServiceAccount can assume its role, and the result of the check.

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


# What GetRole returned. "elsewhere": the role is in another account, which is not read; "unread": denied.
RoleLook = Literal["there", "missing", "otherPath", "elsewhere", "unread"]


@dataclass(frozen=True)
class Token:
    """A token of a ServiceAccount. It is a credential: used once and never printed."""

    value: str = field(repr=False)


class Refusal(NamedTuple):
    """STS's error for a token that it does not accept: error code and message."""

    code: str
    message: str


class Reason(NamedTuple):
    """Why pods do not get the role; `words` follow "cannot assume …: ", with "it" for the ServiceAccount.

    `code` is AWS's error code, "" if AWS was not called. `lasts`: waiting does not help.
    """

    cause: Cause
    words: str
    code: str = ""
    lasts: bool = False


@dataclass(frozen=True)
class Verification:
    """The result of one check.

    `role_arn`: the role in the annotation; `assumed`: the ARN that GetCallerIdentity returned, or "".
    `seconds`: from the first request to the last response, including waits.
    `reason`: why the role cannot be assumed; `obstacle`: the error because of which the check, or the
        simulation of the requested `permissions`, could not be completed.
    `associations`: if there is one, pods do not use the annotation, and no token is tried. If they were not
        read, the result applies to the annotation alone.
    `via`: the kind of binding.
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
        """The requested permissions that the role does not have."""
        return tuple(one for one in self.permissions if not one.is_allowed)

    @property
    def verdict(self) -> Verdict:
        """`yes`: the role is assumable and has all requested permissions."""
        if self.reason and self.reason.cause == "podIdentity":
            return "unknown"
        if self.reason or self.denied:
            return "no"
        return "unknown" if self.obstacle else "yes"


class Verifications(NamedTuple):
    """The results for many ServiceAccounts, sorted by namespace and name."""

    cluster: ClusterRef
    items: tuple[Verification, ...]


def by_association(association: Association, named: str) -> Reason:
    """Why no token is tried if an association gives pods their role; `named` is the annotation's role, or "".

    Only a pod can get credentials from the Pod Identity agent.
    """
    is_other = bool(named and association.given and association.given != named)
    return Reason("otherRole" if is_other else "podIdentity", gets(association, named), lasts=True)


def missing_service_account() -> Reason:
    return Reason("serviceAccountMissing", "it does not exist", lasts=True)


def predicate(verification: Verification) -> str:
    """The problem in words, with AWS's error code; completes "serviceaccount web/app "."""
    reason = verification.reason
    if reason is None:
        missing = ", ".join(f"{one.action} on {one.resource}" for one in verification.denied)
        return f"can assume its role, but the role lacks {missing}"
    if reason.cause == "serviceAccountMissing":
        return "does not exist"
    if reason.cause == "otherRole":
        return reason.words
    if reason.cause == "podIdentity":
        return f"{reason.words}, which cannot be checked from outside a pod"
    role = verification.role_arn if verification.role_arn and reason.cause != "malformedArn" else "a role"
    return f"cannot assume {role}: {reason.words}{f' ({reason.code})' if reason.code else ''}"


def error_of(verification: Verification, remedy: Sentence) -> IamsaError:
    """The error for a run that requires the role to be assumable, if it is not."""
    if verification.obstacle:
        return verification.obstacle
    return RemoteError(
        f"serviceaccount {verification.subject} {predicate(verification)}",
        code=verification.reason.code if verification.reason else "",
        remedy=remedy,
        resource=service_account_ref(verification.subject),
    )
