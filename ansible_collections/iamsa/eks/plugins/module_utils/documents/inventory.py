# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What list found, as documents for machines."""

from __future__ import annotations

from typing import Any

from ..identity.subject import Subject
from ..jobs.inventory import Inventory, ListedRole, RolePolicies
from ..plan.status import audience_in_use
from .parts import API_VERSION, annotations_part, associations_part, cluster_part, policies_part, role_part

KIND = "ServiceAccountRoleList"
ITEM_KIND = "ServiceAccountRole"
POLICIES_KIND = "ServiceAccountRolePolicies"


def inventory_document(found: Inventory) -> dict[str, Any]:
    """One object of the kind ServiceAccountRoleList; a role that was not read is null."""
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "cluster": cluster_part(found.cluster),
        "items": [_item(item) for item in found.items],
    }


def _item(item: ListedRole) -> dict[str, Any]:
    subject, seen = item.account.subject, item.seen
    return {
        "apiVersion": API_VERSION,
        "kind": ITEM_KIND,
        "metadata": {"name": subject.name, "namespace": subject.namespace},
        "state": item.status.state,
        "owner": item.status.owner or None,
        "audience": audience_in_use(item.account),
        "podIdentityAssociations": associations_part(item.associations),
        "role": role_part(seen.role) if seen else None,
        "policies": policies_part(seen.attached, seen.inline) if seen else None,
        "serviceAccount": {"annotations": annotations_part(item.account.annotations)},
    }


def policies_document(found: RolePolicies, subject: Subject) -> dict[str, Any]:
    """One object of the kind ServiceAccountRolePolicies."""
    return {
        "apiVersion": API_VERSION,
        "kind": POLICIES_KIND,
        "metadata": {"name": subject.name, "namespace": subject.namespace},
        "cluster": cluster_part(found.cluster),
        "role": role_part(found.role),
        "policies": policies_part({one.arn: one.name for one in found.managed}, found.inline),
    }
