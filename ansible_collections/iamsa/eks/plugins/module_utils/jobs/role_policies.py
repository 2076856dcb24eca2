# SPDX-License-Identifier: GPL-3.0-or-later

"""The job that lists the policies of a ServiceAccount's role."""

from __future__ import annotations

from dataclasses import dataclass

from ..bindings.binding import BindingKind, Kinds
from ..bindings.now import BoundNow, bound_now, records_of
from ..bindings.registry import KINDS
from ..cluster.access import Access
from ..errors import NotFound, ResourceRef
from ..identity.cluster import ClusterRef
from ..identity.subject import Subject, service_account_ref
from ..model.desired import Desired
from ..model.observed import ClusterFacts, ServiceAccount
from ..model.role import Role
from ..observe.opened import cluster_and_service_account, no_service_account
from ..observe.role_sweep import read_roles
from ..plan.role_choice import choose_role
from ..policy.reference import ManagedPolicy
from ..wording.text import Command, Option


@dataclass(frozen=True)
class RolePolicies:
    """The policies of one role: managed policies in the order of IAM, and the names of inline policies.

    `kind` is the kind of binding of its ServiceAccount.
    """

    cluster: ClusterRef
    role: Role
    managed: tuple[ManagedPolicy, ...]
    inline: tuple[str, ...]
    kind: BindingKind


def role_policies(
    desired: Desired, access: Access, *, service_account_required: bool = True, kinds: Kinds = KINDS
) -> RolePolicies:
    """Return the policies of a ServiceAccount's role, as choose_role selects it.

    The ServiceAccount need not exist if a role name is given or `service_account_required` is false.

    Raises:
        NotFound: the ServiceAccount or the role does not exist, or the role is of another account.
    """
    known, service_account = cluster_and_service_account(desired, access)
    if service_account is None and service_account_required and not desired.role.name:
        raise no_service_account(desired.subject)
    records = records_of(desired.subject, access, kinds)
    now = bound_now(desired.subject, service_account, kinds, records)
    name = _role_name(desired, known, service_account, now)
    seen = read_roles([name], access.iam, access.deadline).get(name)
    if seen is None:
        raise _no_role(name, desired.subject)
    managed = tuple(ManagedPolicy(policy, arn) for arn, policy in seen.attached.items())
    return RolePolicies(known.cluster, seen.role, managed, seen.inline, now.kind)


def _role_name(
    desired: Desired, known: ClusterFacts, service_account: ServiceAccount | None, now: BoundNow
) -> str:
    choice, named = choose_role(desired, known, service_account, now.role), now.named
    if named and not desired.role.name and not choice.is_bound:
        raise NotFound(
            f'serviceaccount {desired.subject} names "{named}", which is not a role of the cluster\'s account'
            f" {known.home.account}",
            remedy="specify a role of this account with " + Option("role_name"),
            resource=service_account_ref(desired.subject),
        )
    return choice.name


def _no_role(name: str, subject: Subject) -> NotFound:
    return NotFound(
        f"role {name} of serviceaccount {subject} does not exist",
        remedy="create it with " + Command("create") + ", or specify another " + Option("role_name"),
        resource=ResourceRef("role", name),
    )
