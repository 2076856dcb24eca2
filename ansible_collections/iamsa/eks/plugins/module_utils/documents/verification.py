# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Proofs as documents for machines; nothing secret is in them."""

from __future__ import annotations

from typing import Any

from ..jobs.verify import Verifications
from ..model.verification import Verification
from .parts import API_VERSION, cluster_part, seen_associations_part

KIND = "ServiceAccountVerification"
LIST_KIND = "ServiceAccountVerificationList"


def verification_document(found: Verification) -> dict[str, Any]:
    """One object of the kind ServiceAccountVerification; what was not found out is null."""
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"name": found.subject.name, "namespace": found.subject.namespace},
        "cluster": cluster_part(found.cluster),
        "verdict": found.verdict,
        "role": {"arn": found.role_arn} if found.role_arn else None,
        "audience": found.audience,
        "podIdentityAssociations": seen_associations_part(found.associations),
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


def verifications_document(found: Verifications) -> dict[str, Any]:
    """One object of the kind ServiceAccountVerificationList."""
    return {
        "apiVersion": API_VERSION,
        "kind": LIST_KIND,
        "cluster": cluster_part(found.cluster),
        "items": [verification_document(one) for one in found.items],
    }
