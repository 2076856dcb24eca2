# SPDX-License-Identifier: GPL-3.0-or-later

"""The account's quotas, which are read only where a run might pass a default that AWS raises."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ..cluster.access import Access
from ..cluster.observation import Observation
from ..concurrency import Answers, bounded


def with_quotas(seen: Observation, access: Access) -> Observation:
    """The same, with the quotas; None where they may not be read."""
    answers = access.answers or Answers()
    read = partial(answers.of, "quotas", access.iam.roles.quotas)
    quotas = bounded("reading the account's quotas", read, access.deadline)
    return replace(seen, observed=replace(seen.observed, quotas=quotas))
