# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of verify in a document. It contains no secrets."""

from __future__ import annotations

from ..errors import IamsaError
from ..model.verification import Verification
from .document import Document


def verification_part(found: Verification) -> Document:
    """Return the result. Values that could not be determined are null."""
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
        "error": error_part(found.obstacle) if found.obstacle else None,
    }


def error_part(error: IamsaError) -> Document:
    return {"kind": error.kind, "problem": error.problem, "remedy": error.remedy}
