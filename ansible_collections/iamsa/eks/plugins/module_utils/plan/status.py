# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the role of a ServiceAccount stands: told from what was read, without asking anything.

Source: https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ..identity.account import RoleHome
from ..identity.arn import parse_role_arn
from ..identity.cluster import ClusterRef
from ..identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_MARKER,
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
    DEFAULT_AUDIENCE,
    TAG_NAMESPACE,
    TAG_SERVICE_ACCOUNT,
)
from ..identity.ownership import Ownership, managing_tool, role_owner
from ..identity.subject import Subject
from ..model.association import Association
from ..model.observed import ServiceAccount
from ..model.role import Role, SeenRole
from ..model.token_life import refused_expiration
from ..trust.evaluate import admission
from ..trust.grant import Grant
from ..trust.web_identity import WebIdentityGrant
from .resolve import annotated_role

State = Literal[
    "ok",
    "roleMissing",
    "notTrusted",
    "foreign",
    "noRole",
    "deleting",
    "podIdentity",
    "invalidArn",
    "podsRefused",
]


STATE_WORDS: Mapping[State, str] = {
    "ok": "ok",
    "roleMissing": "role missing",
    "notTrusted": "trust does not allow it",
    "foreign": "foreign",
    "noRole": "no role",
    "deleting": "being deleted",
    "podIdentity": "by Pod Identity",
    "invalidArn": "not a role's ARN",
    "podsRefused": "no pod can be created",
}


# Who carries one of these has to do with iamsa, or with a role at all.
_TELLING = (ANNOTATION_ROLE_ARN, ANNOTATION_MARKER, ANNOTATION_RECORD)


@dataclass(frozen=True)
class Status:
    """`owner` in a word: iamsa, another ServiceAccount as namespace/name, a tool; "" where not known."""

    state: State
    owner: str = ""


def is_shown(account: ServiceAccount) -> bool:
    """Whether a ServiceAccount has to do with a role."""
    return any(key in account.annotations for key in _TELLING)


def named_role(account: ServiceAccount | None) -> str:
    """What the ServiceAccount says its role is, right or wrong; "" where it says nothing."""
    annotations = account.annotations if account else {}
    return annotations.get(ANNOTATION_ROLE_ARN) or annotations.get(ANNOTATION_RECORD, "")


def audience_in_use(account: ServiceAccount | None) -> str:
    """The audience of the tokens that the webhook mounts into pods.

    It is "" where the annotation is empty: the webhook then mounts a token for the API server itself.
    Source: https://github.com/aws/amazon-eks-pod-identity-webhook/blob/master/pkg/cache/cache.go
    """
    return (account.annotations if account else {}).get(ANNOTATION_AUDIENCE, DEFAULT_AUDIENCE)


def grant_in_use(cluster: ClusterRef, home: RoleHome, subject: Subject, audience: str) -> Grant:
    """What the tokens of the ServiceAccount's pods say."""
    return WebIdentityGrant(home.provider_arn(cluster.issuer), cluster.issuer, audience, (subject,))


def status(account: ServiceAccount, seen: SeenRole | None, cluster: ClusterRef, home: RoleHome) -> Status:
    """Judge one ServiceAccount; `seen` is the role with just the ARN that it names, None where there is
    none or it lies in another account."""
    named = named_role(account)
    if ANNOTATION_ROLE_ARN not in account.annotations:
        return Status("deleting" if named else "noRole", _owner(account, seen, cluster))
    if parse_role_arn(named) is None:
        return Status("invalidArn")
    if is_elsewhere(named, home):
        return Status("foreign", owner=f"account {_account_of(named)}")
    if seen is None:
        return Status("roleMissing")
    owner = role_owner(seen.role.tags, cluster, account.subject)
    state = _of_role(
        account, seen.role, grant_in_use(cluster, home, account.subject, audience_in_use(account))
    )
    if state == "ok" and owner.verdict == "foreign":
        state = "foreign"
    return Status(state, owner_word(owner, seen.role.tags))


def beside_association(found: Status, account: ServiceAccount, association: Association | None) -> Status:
    """The status with the association that new pods get their role from; None where there is none."""
    if association is None or found.state == "deleting":
        return found
    return replace(found, state="podsRefused" if refused_expiration(account.annotations) else "podIdentity")


def _of_role(account: ServiceAccount, role: Role, grant: Grant) -> State:
    """Whether pods get a role that is there."""
    if not admission(role.trust, grant).is_possible:
        return "notTrusted"
    return "podsRefused" if refused_expiration(account.annotations) else "ok"


def is_elsewhere(named: str, home: RoleHome) -> bool:
    """Whether `named` is a role of another account, which is not read."""
    arn = parse_role_arn(named)
    return arn is not None and (arn.partition, arn.account) != (home.partition, home.account)


def readable_role(account: ServiceAccount | None, home: RoleHome) -> str | None:
    """The name of the role to read for a ServiceAccount, if it names one of this account."""
    arn = annotated_role(account, home)
    return arn.name if arn else None


def owner_word(owner: Ownership, tags: Mapping[str, str]) -> str:
    if owner.verdict != "foreign":
        return "iamsa"
    if owner.is_another_service_accounts:
        return f"{tags[TAG_NAMESPACE]}/{tags[TAG_SERVICE_ACCOUNT]}"
    return managing_tool(tags) or "unknown"


def _owner(account: ServiceAccount, seen: SeenRole | None, cluster: ClusterRef) -> str:
    if seen is None:
        return ""
    return owner_word(role_owner(seen.role.tags, cluster, account.subject), seen.role.tags)


def _account_of(named: str) -> str:
    arn = parse_role_arn(named)
    return arn.account if arn else ""
