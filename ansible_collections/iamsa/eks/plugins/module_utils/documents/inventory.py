# SPDX-License-Identifier: GPL-3.0-or-later

"""The document that list prints."""

from __future__ import annotations

from ..identity.cluster import ClusterRef
from ..jobs.inventory import Inventory, ListedRole
from .document import UNREAD, Document, list_document, role_document
from .parts import associations_part, owner_part, policies_part, role_part, service_account_part
from .spec import binding_spec, elsewhere_spec, role_spec


def inventory_document(found: Inventory) -> Document:
    """Return a ServiceAccountRoleList."""
    return list_document(found.cluster, (_item(item, found.cluster) for item in found.items))


def _item(item: ListedRole, cluster: ClusterRef) -> Document:
    service_account, seen = item.service_account, item.seen
    subject, owner = service_account.subject, item.status.owner
    return role_document(
        subject,
        cluster,
        {
            "state": item.status.state,
            "owner": owner_part(seen.role, cluster, subject)
            if seen
            else {"name": owner}
            if owner
            else UNREAD,
            "role": role_part(seen.role) if seen else None if item.is_looked_for else UNREAD,
            "policies": policies_part(seen.attached, seen.inline) if seen else UNREAD,
            "serviceAccount": service_account_part(service_account.annotations, cluster, subject),
            "audience": item.audience,
            "podIdentityAssociations": associations_part(item.associations),
        },
        _spec(item, cluster),
    )


def _spec(item: ListedRole, cluster: ClusterRef) -> Document | None:
    """Return None if the ServiceAccount is not annotated with a role."""
    if not item.named:
        return None
    bound, seen = binding_spec(item.service_account, item.bound), item.seen
    if seen is None:
        return bound if item.is_looked_for else {**bound, **elsewhere_spec(item.named)}
    inline = dict.fromkeys(seen.inline)
    return {
        **bound,
        **role_spec(
            seen.role, cluster, item.service_account.subject, seen.attached, inline, has_details=False
        ),
    }
