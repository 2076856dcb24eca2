# SPDX-License-Identifier: GPL-3.0-or-later

"""Text from other sources in messages: on one line, without control characters."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")
# C0 and C1 controls, line separators, and the marks that change the direction of text.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Return `text` without ANSI sequences, and with every other control character escaped."""
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], _ANSI.sub("", text))


def one_line(text: str, limit: int = 500) -> str:
    """Return `text` as one printable line of at most `limit` characters."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def listing(names: Iterable[str], near: str = "", limit: int = 8) -> str:
    """Return the names as `a, b and 3 more`, those most similar to `near` first."""
    from difflib import SequenceMatcher  # noqa: PLC0415

    def distance(name: str) -> tuple[float, str]:
        return (-SequenceMatcher(a=near.lower(), b=name.lower()).ratio() if near else 0.0, name)

    ordered = [printable(name) for name in sorted(names, key=distance)]
    shown, rest = ordered[:limit], len(ordered) - limit
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")
