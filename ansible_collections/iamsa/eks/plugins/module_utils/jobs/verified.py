# SPDX-License-Identifier: GPL-3.0-or-later

"""Verify the result of create and update."""

from __future__ import annotations

from dataclasses import replace

from ..bindings.binding import Kinds
from ..bindings.registry import KINDS
from ..cluster.access import Access
from ..model.outcome import Outcome
from ..observe.token_exchange import Trial
from .verify import verify


def verified(outcome: Outcome, access: Access, seconds: float, kinds: Kinds = KINDS) -> Outcome:
    """Return the outcome with a verification, which waits up to `seconds` until the role is assumable."""
    known = replace(access, known=outcome.facts)
    return replace(
        outcome,
        verification=verify(outcome.subject, known, Trial(wait=seconds), outcome.associations, kinds=kinds),
    )
