# SPDX-License-Identifier: GPL-3.0-or-later

"""The document that list prints for one ServiceAccount."""

from __future__ import annotations

from ..identity.subject import Subject
from ..jobs.role_policies import RolePolicies
from .document import Document, role_document
from .parts import owner_part, policies_part, role_part
from .spec import role_spec


def policies_document(found: RolePolicies, subject: Subject) -> Document:
    """Return a ServiceAccountRole."""
    attached = {one.arn: one.name for one in found.managed}
    inline = dict.fromkeys(found.inline)
    return role_document(
        subject,
        found.cluster,
        {
            "owner": owner_part(found.role, found.cluster, subject),
            "role": role_part(found.role),
            "policies": policies_part(attached, found.inline),
        },
        {
            "via": found.kind.name,
            **role_spec(found.role, found.cluster, subject, attached, inline, has_details=False),
        },
    )
