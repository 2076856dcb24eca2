# SPDX-License-Identifier: GPL-3.0-or-later

"""Proofs as documents for machines; nothing secret is in them."""

from __future__ import annotations

from ..model.verification import Verification, Verifications
from .document import UNREAD, Document, list_document, role_document
from .parts import seen_associations_part


def verification_document(found: Verification) -> Document:
    """A ServiceAccountRole."""
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
    """A ServiceAccountRoleList."""
    return list_document(found.cluster, (verification_document(one) for one in found.items))


def verification_part(found: Verification) -> Document:
    """What was not found out is null."""
    return {
        "verdict": found.verdict,
        "assumedRole": {"arn": found.assumed} if found.assumed else None,
        "seconds": round(found.seconds, 3),
        "attempts": found.attempts,
        "reason": {
            "cause": found.reason.cause,
            "code": found.reason.code or None,
            "words": found.reason.words,
        }
        if found.reason
        else None,
        "permissions": [
            {
                "action": one.action,
                "resource": one.resource,
                "decision": one.decision,
                "limiter": one.limiter or None,
                "missingContext": list(one.missing_context),
            }
            for one in found.permissions
        ],
        "error": {
            "kind": found.obstacle.kind,
            "problem": found.obstacle.problem,
            "remedy": found.obstacle.remedy,
        }
        if found.obstacle
        else None,
    }
