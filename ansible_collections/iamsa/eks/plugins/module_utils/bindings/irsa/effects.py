# SPDX-License-Identifier: GPL-3.0-or-later

"""Verifies a binding: exchanges a token such as pods get for the role's credentials, at STS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...identity.arn import Arn
from ...identity.subject import Subject
from ...model.verification import Refusal, RoleLook, Verification, missing_service_account
from ..binding import Sides, Tokens
from .refusals import NOT_ADMITTED, explained


def prove(blank: Verification, role: Arn, tokens: Tokens, sides: Sides) -> Verification:
    """Each attempt requests a new token, because STS may accept it where it rejected an earlier one."""
    token = tokens.request_token(blank.subject, blank.audience)
    if token is None:
        return replace(blank, reason=missing_service_account())
    answer = sides.sts.assume(str(role), token, session_name(blank.subject))
    if isinstance(answer, Refusal):
        return replace(blank, reason=explained(answer, role, blank.cluster, blank.audience))
    return replace(blank, assumed=answer)


def explain(found: Verification, role: Arn, look: Callable[[Arn], RoleLook]) -> Verification:
    """STS returns the same error for a missing role and for one that does not trust the ServiceAccount."""
    if not found.reason or found.reason.code != NOT_ADMITTED:
        return found
    refusal = Refusal(NOT_ADMITTED, "")
    return replace(found, reason=explained(refusal, role, found.cluster, found.audience, look(role)))


def session_name(subject: Subject) -> str:
    """The name of the session in CloudTrail, cut to the 64 characters that STS allows."""
    return f"iamsa-verify-{subject.namespace}-{subject.name}"[:64]
