# SPDX-License-Identifier: GPL-3.0-or-later

"""The limits of what is asked for as a duration, and how one is read."""

from __future__ import annotations

from ..model.token_life import LEAST_EXPIRATION, MOST_EXPIRATION
from ..model.values import parse_duration
from ..wording.text import Sentence

# MaxSessionDuration in IAM's API model.
SESSION_SECONDS = (3600, 43200)
TOKEN_SECONDS = (LEAST_EXPIRATION, MOST_EXPIRATION)
# Of a run, of a request, and of waiting until a role can be assumed.
WAIT_SECONDS = (1, 3600)


def seconds(value: str | None, field: Sentence, bounds: tuple[int, int]) -> int | None:
    """Raises InvalidValue where it is no duration, or outside of `bounds`."""
    return None if value is None else parse_duration(value, field, *bounds)


def wait_seconds(value: str | None, field: Sentence) -> int:
    """How long to wait; 0 where it is not asked for."""
    return seconds(value, field, WAIT_SECONDS) or 0


def run_seconds(value: str, field: Sentence) -> int:
    """How long a run may take."""
    return parse_duration(value, field, *WAIT_SECONDS)
