# SPDX-License-Identifier: GPL-3.0-or-later

"""The job that lists the ServiceAccounts that have to do with a role."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..bindings.binding import Kinds
from ..bindings.now import BoundNow, all_records, bound_now, is_shown
from ..bindings.registry import KINDS
from ..cluster.access import Access
from ..concurrency import side_by_side
from ..identity.cluster import ClusterRef
from ..kube.api.client import KubernetesCluster
from ..model.association import Association
from ..model.observed import ClusterFacts, ServiceAccount
from ..model.role import SeenRole
from ..observe.associations import AllAssociations, AssociationReader
from ..observe.opened import cluster_and
from ..observe.role_sweep import read_roles
from ..plan.status import Status, beside_association, status


@dataclass(frozen=True)
class ListedRole:
    """One ServiceAccount, the role that it names where that was read, and how it stands.

    `is_looked_for`: whether that role is one of the cluster's account: others are not read. `associations`
    are its Pod Identity associations without their roles, None where they were not read.
    """

    service_account: ServiceAccount
    bound: BoundNow
    seen: SeenRole | None
    status: Status
    associations: tuple[Association, ...] | None = None
    is_looked_for: bool = True

    @property
    def named(self) -> str:
        return self.bound.named

    @property
    def audience(self) -> str:
        """Of the tokens that its pods get."""
        return self.bound.kind.audience(self.service_account)


@dataclass(frozen=True)
class Inventory:
    cluster: ClusterRef
    items: tuple[ListedRole, ...]


def inventory(access: Access, namespace: str | None, kinds: Kinds = KINDS) -> Inventory:
    """The ServiceAccounts of `namespace`, or with None of all, that have to do with a role.

    A role of another account is not read.

    Raises:
        IamsaError: what is in the way; Denied names the action that is not allowed.
    """
    reader = AssociationReader(access)

    def look(kubernetes: KubernetesCluster) -> Any:
        return side_by_side(
            "listing ServiceAccounts",
            access.deadline,
            lambda: kubernetes.list_service_accounts(namespace),
            lambda: reader.all(namespace),
            lambda: all_records(namespace, access, kinds),
        )

    known, (service_accounts, associations, records) = cluster_and(access, look, "listing ServiceAccounts")
    bound = ((one, bound_now(one.subject, one, kinds, records)) for one in service_accounts)
    shown = [(service_account, now) for service_account, now in bound if is_shown(service_account, now)]
    readable = [known.home.role_named(now.named) for _service_account, now in shown]
    roles = read_roles((role.name for role in readable if role), access.iam, access.deadline)
    listed = (
        _listed(service_account, now, roles.get(role.name) if role else None, known)
        for (service_account, now), role in zip(shown, readable, strict=True)
    )
    return Inventory(known.cluster, tuple(_beside(one, associations) for one in listed))


def _listed(
    service_account: ServiceAccount, now: BoundNow, seen: SeenRole | None, known: ClusterFacts
) -> ListedRole:
    if seen and seen.role.arn != now.named:
        # Its namesake under another path, which these pods cannot assume.
        seen = None
    is_looked_for = known.home.role_named(now.named) is not None
    found = status(service_account, now, seen, known.cluster, known.home)
    return ListedRole(service_account, now, seen, found, is_looked_for=is_looked_for)


def _beside(listed: ListedRole, associations: AllAssociations) -> ListedRole:
    """What the ServiceAccount's association changes: its pods' role is not the one that it names."""
    if associations.unread:
        return listed
    found = associations.by_subject.get(listed.service_account.subject)
    status = beside_association(listed.status, listed.service_account, listed.bound, found)
    return replace(listed, status=status, associations=(found,) if found else ())
