# SPDX-License-Identifier: GPL-3.0-or-later

"""Parses durations and checks their limits, in seconds."""

from __future__ import annotations

from ..model.token_life import LEAST_EXPIRATION, MOST_EXPIRATION
from ..model.values import parse_duration
from ..wording.text import Sentence

# The limits of MaxSessionDuration in IAM's API model.
SESSION_SECONDS = (3600, 43200)
TOKEN_SECONDS = (LEAST_EXPIRATION, MOST_EXPIRATION)
# The limits for a run, a request, and the wait until a role can be assumed.
WAIT_SECONDS = (1, 3600)


def seconds(value: str | None, field: Sentence, bounds: tuple[int, int]) -> int | None:
    """The duration in seconds; None for None. Raises InvalidValue, also if it is not within `bounds`."""
    return None if value is None else parse_duration(value, field, *bounds)


def wait_seconds(value: str | None, field: Sentence) -> int:
    """How long to wait, in seconds; 0 if not requested. Raises InvalidValue."""
    return seconds(value, field, WAIT_SECONDS) or 0


def run_seconds(value: str, field: Sentence) -> int:
    """How long a run may take, in seconds. Raises InvalidValue."""
    return parse_duration(value, field, *WAIT_SECONDS)
