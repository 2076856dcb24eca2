# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the account's quotas, which only runs need that might exceed a default that AWS can raise."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ..cluster.access import Access
from ..cluster.observation import Observation
from ..concurrency import Answers, bounded


def with_quotas(seen: Observation, access: Access) -> Observation:
    """Return `seen` with the quotas, which are None if the caller is not allowed to read them."""
    answers = access.answers or Answers()
    read = partial(answers.of, "quotas", access.iam.roles.quotas)
    quotas = bounded("reading the account's quotas", read, access.deadline)
    return replace(seen, observed=replace(seen.observed, quotas=quotas))
