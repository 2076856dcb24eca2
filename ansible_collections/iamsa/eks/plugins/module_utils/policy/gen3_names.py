# SPDX-License-Identifier: GPL-3.0-or-later

"""Inline policies with the names that gen3 gave them: the file's stem and a ten-digit timestamp."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .equality import Document, same_meaning
from .reference import InlinePolicy

_TIMESTAMP = re.compile(r"-\d{10}\Z", re.ASCII)
_STAMP = len("-1700000000")


def stamped(stem: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of `names` that gen3 would give to a file with this stem, which it truncates at the first dot."""
    stems = {stem, stem.partition(".")[0] or stem}
    return tuple(name for name in names if _TIMESTAMP.search(name) and name[:-_STAMP] in stems)


def same_files(policy: InlinePolicy, inline: Mapping[str, Document | None]) -> tuple[str, ...]:
    """The names of gen3's policies that are equivalent to `policy`, and thus come from the same file."""
    found = ((name, inline[name]) for name in stamped(policy.name, inline))
    return tuple(name for name, document in found if document and same_meaning(document, policy.document))


def equivalent(policy: InlinePolicy, inline: Mapping[str, Document | None]) -> str | None:
    """The name of gen3's policy that is equivalent to `policy`; None if `policy` exists by its own name."""
    if policy.name in inline:
        return None
    return next(iter(same_files(policy, inline)), None)


def is_to_be_put(policy: InlinePolicy, inline: Mapping[str, Document | None]) -> bool:
    """Whether `policy` must be put on a role with these inline policies."""
    if equivalent(policy, inline):
        return False
    there = inline.get(policy.name)
    return there is None or not same_meaning(there, policy.document)
