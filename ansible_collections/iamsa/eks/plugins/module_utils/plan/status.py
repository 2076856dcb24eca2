# SPDX-License-Identifier: GPL-3.0-or-later

"""The status of a ServiceAccount's role, which `list` shows; derived from what was read, without any call.

Source: https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ..bindings.binding import BindingKind
from ..bindings.now import BoundNow
from ..identity.account import RoleHome
from ..identity.arn import parse_role_arn
from ..identity.cluster import ClusterRef
from ..identity.keys import TAG_NAMESPACE, TAG_SERVICE_ACCOUNT
from ..identity.ownership import Ownership, managing_tool, role_owner
from ..model.association import Association
from ..model.observed import ServiceAccount
from ..model.role import Role, SeenRole
from ..trust.evaluate import admission

State = Literal[
    "ok",
    "roleMissing",
    "notTrusted",
    "unmanaged",
    "noRole",
    "deleting",
    "podIdentity",
    "invalidArn",
    "podsRefused",
]


STATE_WORDS: Mapping[State, str] = {
    "ok": "Ready",
    "roleMissing": "RoleMissing",
    "notTrusted": "NotTrusted",
    "unmanaged": "Unmanaged",
    "noRole": "NoRole",
    "deleting": "Deleting",
    "podIdentity": "PodIdentity",
    "invalidArn": "InvalidARN",
    "podsRefused": "PodsRejected",
}


@dataclass(frozen=True)
class Status:
    """The state of a role and its `owner`.

    `owner` is iamsa, another ServiceAccount as namespace/name, a tool, or `account ID` for a role of another
    AWS account; "unknown" if the role's tags name no owner; "" if no role was read.
    """

    state: State
    owner: str = ""


def status(
    service_account: ServiceAccount, now: BoundNow, seen: SeenRole | None, cluster: ClusterRef, home: RoleHome
) -> Status:
    """The status of one ServiceAccount.

    `seen` is the role with exactly the bound ARN; None if it does not exist or is in another account.
    """
    named = now.named
    if now.role is None:
        return Status("deleting" if named else "noRole", _owner(service_account, seen, cluster))
    if parse_role_arn(named) is None:
        return Status("invalidArn")
    if is_elsewhere(named, home):
        return Status("unmanaged", owner=f"account {_account_of(named)}")
    if seen is None:
        return Status("roleMissing")
    owner = role_owner(seen.role.tags, cluster, service_account.subject)
    state = _of_role(service_account, now.kind, seen.role, cluster, home)
    if state == "ok" and owner.verdict == "unmanaged":
        state = "unmanaged"
    return Status(state, owner_word(owner, seen.role.tags))


def beside_association(
    found: Status, service_account: ServiceAccount, now: BoundNow, association: Association | None
) -> Status:
    """The status with regard to the ServiceAccount's Pod Identity association; None if it has none."""
    if association is None or found.state == "deleting":
        return found
    return replace(found, state="podsRefused" if now.kind.pods_refused(service_account) else "podIdentity")


def _of_role(
    service_account: ServiceAccount, kind: BindingKind, role: Role, cluster: ClusterRef, home: RoleHome
) -> State:
    """The state of a role that exists: whether pods get it."""
    grant = kind.grant(cluster, home, (service_account.subject,), kind.audience(service_account))
    if not admission(role.trust, grant).is_possible:
        return "notTrusted"
    return "podsRefused" if kind.pods_refused(service_account) else "ok"


def is_elsewhere(named: str, home: RoleHome) -> bool:
    """Whether `named` is the ARN of a role in another account, which is not read."""
    arn = parse_role_arn(named)
    return arn is not None and (arn.partition, arn.account) != (home.partition, home.account)


def owner_word(owner: Ownership, tags: Mapping[str, str]) -> str:
    if owner.verdict != "unmanaged":
        return "iamsa"
    if owner.is_another_service_accounts:
        return f"{tags[TAG_NAMESPACE]}/{tags[TAG_SERVICE_ACCOUNT]}"
    return managing_tool(tags) or "unknown"


def _owner(service_account: ServiceAccount, seen: SeenRole | None, cluster: ClusterRef) -> str:
    if seen is None:
        return ""
    return owner_word(role_owner(seen.role.tags, cluster, service_account.subject), seen.role.tags)


def _account_of(named: str) -> str:
    arn = parse_role_arn(named)
    return arn.account if arn else ""
