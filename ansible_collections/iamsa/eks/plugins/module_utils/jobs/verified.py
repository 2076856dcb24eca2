# SPDX-License-Identifier: GPL-3.0-or-later

"""The proof that follows a create or an update."""

from __future__ import annotations

from dataclasses import replace

from ..bindings.binding import Kinds
from ..bindings.registry import KINDS
from ..cluster.access import Access
from ..model.outcome import Outcome
from ..observe.token_exchange import Trial
from .verify import verify


def verified(outcome: Outcome, access: Access, seconds: float, kinds: Kinds = KINDS) -> Outcome:
    """The same outcome with the proof that its role is assumable, which is waited for so long."""
    known = replace(access, known=outcome.facts)
    return replace(
        outcome,
        verification=verify(outcome.subject, known, Trial(wait=seconds), outcome.associations, kinds=kinds),
    )
