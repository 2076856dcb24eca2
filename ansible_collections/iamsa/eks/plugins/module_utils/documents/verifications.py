# SPDX-License-Identifier: GPL-3.0-or-later

"""The documents that verify prints."""

from __future__ import annotations

from ..model.verification import Verification, Verifications
from .document import UNREAD, Document, list_document, role_document
from .parts import seen_associations_part
from .verification import verification_part


def verification_document(found: Verification) -> Document:
    """Return a ServiceAccountRole."""
    return role_document(
        found.subject,
        found.cluster,
        {
            "role": {"arn": found.role_arn} if found.role_arn else UNREAD,
            "audience": found.audience,
            "podIdentityAssociations": seen_associations_part(found.associations),
            "verification": verification_part(found),
        },
        {"via": found.via, "audience": found.audience or UNREAD} if found.role_arn else None,
    )


def verifications_document(found: Verifications) -> Document:
    """Return a ServiceAccountRoleList."""
    return list_document(found.cluster, (verification_document(one) for one in found.items))
