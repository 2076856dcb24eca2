# SPDX-License-Identifier: GPL-3.0-or-later

"""Recognizes roles that `gen3 iam-serviceaccount` created, by name and trust, because it wrote no tags."""

from __future__ import annotations

from ..identity.cluster import ClusterRef
from ..identity.ownership import managing_tool
from ..model.names import gen3_role_name
from ..model.role import Role
from ..trust.grant import Grant
from ..trust.statements import read_trust


def is_made_by_gen3(role: Role, cluster: ClusterRef, grant: Grant) -> bool:
    """Whether gen3 created the role for the single ServiceAccount of `grant`."""
    (subject,) = grant.subjects
    reading = read_trust(role.trust, grant)
    return (
        role.name == gen3_role_name(cluster.name, subject.name)
        and len(reading.ours) == 1
        and not reading.unmanaged
        and not managing_tool(role.tags)
    )
