# SPDX-License-Identifier: GPL-3.0-or-later

"""The proof of a binding: a token as pods get it, taken to STS for the role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...identity.arn import Arn
from ...identity.subject import Subject
from ...model.verification import Refusal, RoleLook, Verification, missing_service_account
from ..binding import Sides, Tokens
from .refusals import NOT_ADMITTED, explained


def prove(blank: Verification, role: Arn, tokens: Tokens, sides: Sides) -> Verification:
    """A token is new each time: one that was refused once tells nothing of the next."""
    token = tokens.request_token(blank.subject, blank.audience)
    if token is None:
        return replace(blank, reason=missing_service_account())
    answer = sides.sts.assume(str(role), token, session_name(blank.subject))
    if isinstance(answer, Refusal):
        return replace(blank, reason=explained(answer, role, blank.cluster, blank.audience))
    return replace(blank, assumed=answer)


def explain(found: Verification, role: Arn, look: Callable[[Arn], RoleLook]) -> Verification:
    """STS does not tell whether there is such a role."""
    if not found.reason or found.reason.code != NOT_ADMITTED:
        return found
    refusal = Refusal(NOT_ADMITTED, "")
    return replace(found, reason=explained(refusal, role, found.cluster, found.audience, look(role)))


def session_name(subject: Subject) -> str:
    """How the proof's session is called in CloudTrail; at most 64 characters of those that STS takes."""
    return f"iamsa-verify-{subject.namespace}-{subject.name}"[:64]
