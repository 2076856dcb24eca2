# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which policies iamsa has put on a role, kept in the role's own tags.

A policy that somebody else attached stays on create and blocks delete; IAM does not tell who attached what.
A tag's value holds 256 characters, which names and ARNs would fill at once: so digests are kept.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping

from .constants import TAG_POLICIES

_DIGEST_CHARACTERS = 8
# 28 digests with a space between them have 251 characters.
_DIGESTS_PER_TAG = 28


def managed_digest(arn: str) -> str:
    return _digest(arn)


def inline_digest(name: str) -> str:
    return _digest(f"inline/{name}")


def read_record(tags: Mapping[str, str]) -> frozenset[str]:
    """The digests of the policies that iamsa has put on the role with these tags."""
    return frozenset(digest for key, value in tags.items() if is_record(key) for digest in value.split())


def record_tags(digests: Iterable[str], tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that record exactly `digests`; those of `tags` that are no longer needed become empty."""
    ordered = sorted(set(digests))
    chunks = [
        " ".join(ordered[start : start + _DIGESTS_PER_TAG])
        for start in range(0, len(ordered), _DIGESTS_PER_TAG)
    ]
    written = {_key(number): chunk for number, chunk in enumerate(chunks)}
    return {**{key: "" for key in tags if is_record(key)}, **written}


def rebased(before: Mapping[str, str], after: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """`after`, with what it adds to and takes from the record done to the record that is there `now`."""
    if not any(map(is_record, after)):
        return dict(after)
    had, has = read_record(before), read_record(after)
    others = {key: value for key, value in after.items() if not is_record(key)}
    return {**others, **record_tags((read_record(now) | (has - had)) - (had - has), now)}


def _key(number: int) -> str:
    return TAG_POLICIES if not number else f"{TAG_POLICIES}-{number + 1}"


def is_record(key: str) -> bool:
    """Whether a tag of this key is part of the record."""
    return key == TAG_POLICIES or (
        key.startswith(f"{TAG_POLICIES}-") and key[len(TAG_POLICIES) + 1 :].isdigit()
    )


def _digest(text: str) -> str:
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode().lower()[:_DIGEST_CHARACTERS]
