# SPDX-License-Identifier: GPL-3.0-or-later

"""The owner check for a role with a gen3 name, for the flags of `gen3 iam-serviceaccount`."""

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
    """Raises Refused if the role belongs to another ServiceAccount: a gen3 name lacks the namespace.

    `kind` is the kind of binding of this ServiceAccount.
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
        remedy="check " + Option("namespace", brief=True) + ", or specify " + Option("role_name"),
        resource=ResourceRef("role", role.name),
    )
