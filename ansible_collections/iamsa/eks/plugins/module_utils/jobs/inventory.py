# SPDX-License-Identifier: GPL-3.0-or-later

"""The job of list: the ServiceAccounts that are bound to a role."""

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
    """One ServiceAccount, its role and its status.

    `seen` is None if the role does not exist or was not read. `is_looked_for` says whether the role is of the
    cluster's account: roles of other accounts are not read. `associations` are the Pod Identity associations
    without their roles, None if they could not be read.
    """

    service_account: ServiceAccount
    bound: BoundNow
    seen: SeenRole | None
    status: Status
    associations: tuple[Association, ...] | None = None
    is_looked_for: bool = True

    @property
    def named(self) -> str:
        """The role that the ServiceAccount names."""
        return self.bound.named

    @property
    def audience(self) -> str:
        """The audience of the tokens that its pods get."""
        return self.bound.kind.audience(self.service_account)


@dataclass(frozen=True)
class Inventory:
    """A cluster and its ServiceAccounts, in the order of Kubernetes: by namespace and name."""

    cluster: ClusterRef
    items: tuple[ListedRole, ...]


def inventory(access: Access, namespace: str | None, kinds: Kinds = KINDS) -> Inventory:
    """Return the ServiceAccounts of a namespace (None: of all) that are bound to a role.

    Roles of other accounts are not read.

    Raises:
        Denied: an action is not allowed.
        IamsaError: the cluster, its ServiceAccounts or their roles could not be read.
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
        # A role of the same name under another path, which these pods cannot assume.
        seen = None
    is_looked_for = known.home.role_named(now.named) is not None
    found = status(service_account, now, seen, known.cluster, known.home)
    return ListedRole(service_account, now, seen, found, is_looked_for=is_looked_for)


def _beside(listed: ListedRole, associations: AllAssociations) -> ListedRole:
    """Apply an association, whose role takes precedence over the one that the ServiceAccount names."""
    if associations.unread:
        return listed
    found = associations.by_subject.get(listed.service_account.subject)
    status = beside_association(listed.status, listed.service_account, listed.bound, found)
    return replace(listed, status=status, associations=(found,) if found else ())
