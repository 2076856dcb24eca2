# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles that `gen3 iam-serviceaccount` made: it wrote no tags, so name and trust have to tell."""

from __future__ import annotations

from ..bindings.binding import BindingKind
from ..errors import Refused, ResourceRef
from ..identity.account import RoleHome
from ..identity.arn import Arn
from ..identity.cluster import ClusterRef
from ..identity.ownership import managing_tool, role_owner
from ..identity.subject import Subject
from ..model.names import gen3_role_name
from ..model.role import Role
from ..trust.grant import Grant
from ..trust.statements import read_trust
from ..wording.text import Option


def is_made_by_gen3(role: Role, cluster: ClusterRef, grant: Grant) -> bool:
    """Whether gen3 made the role for the one ServiceAccount of `grant`."""
    (subject,) = grant.subjects
    reading = read_trust(role.trust, grant)
    return (
        role.name == gen3_role_name(cluster.name, subject.name)
        and len(reading.ours) == 1
        and not reading.foreign
        and not managing_tool(role.tags)
    )


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
