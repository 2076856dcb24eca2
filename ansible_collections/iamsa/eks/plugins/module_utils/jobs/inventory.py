# SPDX-License-Identifier: GPL-3.0-or-later

"""The job of list: the ServiceAccounts that are bound to a role."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from typing import Any

from ..bindings.binding import Kinds
from ..bindings.now import BoundNow, all_records, bound_now, is_shown
from ..bindings.registry import KINDS
from ..cluster.access import Access
from ..concurrency import side_by_side
from ..identity.cluster import ClusterRef
from ..identity.keys import TAG_NAMESPACE, TAG_SERVICE_ACCOUNT
from ..identity.ownership import role_owner
from ..identity.subject import Subject
from ..kube.api.client import KubernetesCluster
from ..model.association import Association
from ..model.observed import ClusterFacts, ServiceAccount
from ..model.role import Role, SeenRole
from ..observe.associations import AllAssociations, AssociationReader
from ..observe.opened import cluster_and
from ..observe.role_sweep import Sweep, read_roles
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
    """A cluster and its ServiceAccounts, in the order of Kubernetes: by namespace and name.

    `without_service_account` is the number of the cluster's roles whose ServiceAccount does not exist: None
    if it could not be counted without further calls. `is_denied`: counting them is not allowed.
    """

    cluster: ClusterRef
    items: tuple[ListedRole, ...]
    without_service_account: int | None = None
    is_denied: bool = False


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
    sweep = Sweep()
    roles = read_roles((role.name for role in readable if role), access.iam, access.deadline, sweep)
    listed = (
        _listed(service_account, now, roles.get(role.name) if role else None, known)
        for (service_account, now), role in zip(shown, readable, strict=True)
    )
    items = tuple(_beside(one, associations) for one in listed)
    if namespace is not None:
        return Inventory(known.cluster, items)
    left = None
    if sweep.is_complete:
        subjects = {one.subject for one in service_accounts}
        left = sum(_is_left(role, known.cluster, subjects) for role in sweep.roles)
    return Inventory(known.cluster, items, left, sweep.is_denied)


def _is_left(role: Role, cluster: ClusterRef, subjects: Set[Subject]) -> bool:
    """Whether the role belongs to a ServiceAccount of the cluster that does not exist."""
    subject = Subject(role.tags.get(TAG_NAMESPACE, ""), role.tags.get(TAG_SERVICE_ACCOUNT, ""))
    return subject not in subjects and role_owner(role.tags, cluster, subject).verdict == "ours"


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
