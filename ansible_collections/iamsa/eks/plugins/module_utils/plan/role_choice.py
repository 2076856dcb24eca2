# SPDX-License-Identifier: GPL-3.0-or-later

"""The choice of the role for a ServiceAccount."""

from __future__ import annotations

from typing import NamedTuple

from ..bindings.now import named_role
from ..identity.account import RoleHome
from ..identity.cluster import ClusterRef
from ..model.desired import Desired
from ..model.names import derived_role_name, gen3_role_name
from ..model.observed import ClusterFacts, ServiceAccount


class RoleChoice(NamedTuple):
    """The name of the chosen role; `is_bound`: chosen because the ServiceAccount is bound to it.

    `default` is the name that would be chosen without a request and without a binding.
    """

    name: str
    default: str
    is_bound: bool = False


def choose_role(
    desired: Desired, cluster: ClusterFacts, service_account: ServiceAccount | None, bound: str | None
) -> RoleChoice:
    """The requested name; otherwise the role of this account in `bound`; otherwise the derived name.

    `bound` is the role that new pods get. If it is None, the role recorded by an interrupted delete is used.
    """
    default = _default_name(desired, cluster.home, cluster.cluster)
    if desired.role.name:
        return RoleChoice(desired.role.name, default)
    named = cluster.home.role_named(named_role(service_account, bound))
    if named:
        return RoleChoice(named.name, default, is_bound=True)
    return RoleChoice(default, default)


def _default_name(desired: Desired, home: RoleHome, cluster: ClusterRef) -> str:
    subject = desired.subject
    if desired.role.name_style == "gen3":
        return gen3_role_name(cluster.name, subject.name)
    return derived_role_name(home.account, cluster.region, cluster.name, subject)
