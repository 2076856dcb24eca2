# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose a role is that has a name of gen3's, as gen3's own flags ask."""

from __future__ import annotations

from ..bindings.binding import BindingKind
from ..errors import Refused, ResourceRef
from ..identity.account import RoleHome
from ..identity.arn import Arn
from ..identity.cluster import ClusterRef
from ..identity.ownership import role_owner
from ..identity.subject import Subject
from ..model.role import Role
from ..trust.statements import read_trust
from ..wording.text import Option


def refuse_another_ones(role: Role, cluster: ClusterRef, subject: Subject, kind: BindingKind) -> None:
    """gen3's names lack the namespace: raises Refused where the role is for another ServiceAccount.

    `kind` is the one by which this one is bound.
    """
    owner = role_owner(role.tags, cluster, subject)
    arn = Arn.parse(role.arn)
    if owner.verdict == "ours" or arn is None:
        return
    home = RoleHome(arn.partition, arn.account)
    if read_trust(role.trust, kind.grant(cluster, home, (subject,), kind.audience(None))).ours:
        return
    words = owner.owner if owner.is_another_service_accounts else f"does not trust ServiceAccount {subject}"
    raise Refused(
        f"role {role.name} {words}",
        remedy="give the right " + Option("namespace", brief=True) + ", or " + Option("role_name"),
        resource=ResourceRef("role", role.name),
    )
