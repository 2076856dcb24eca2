# SPDX-License-Identifier: GPL-3.0-or-later

"""Which policies iamsa has put on a role, kept in the role's own tags: one tag, an entry, for each policy.

A policy that somebody else attached stays on create and blocks delete, and IAM does not say who attached it.
An entry's key is `iamsa/policy/<digest>`: names and ARNs hold what keys may not. Its value is when it was
written. TagRole and UntagRole touch only the keys that they name, so two runs that write at the same time
keep each other's entries. A policy that is put back while an entry of it is still there gets one of its own,
`iamsa/policy/<digest>.2`: whoever took the policy away may be about to remove the old one.

An entry is written before its policy. Until it is ten minutes old, another run may be between the two.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from itertools import count

from ..identity.keys import TAG_POLICY_PREFIX

_DIGEST_CHARACTERS = 16
_KEY = re.compile(
    rf"{re.escape(TAG_POLICY_PREFIX)}(?P<digest>[a-z2-7]{{{_DIGEST_CHARACTERS}}})(\.[1-9][0-9]*)?", re.ASCII
)
# AWS refuses a signed request whose time is five minutes off its own. So the clocks of two runs differ by ten
# minutes at most: an entry that looks older than that was written before now, whatever the clocks say.
IN_FLIGHT = timedelta(minutes=10)
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def managed_digest(arn: str) -> str:
    return _digest(arn)


def inline_digest(name: str) -> str:
    return _digest(f"inline/{name}")


def is_entry(key: str) -> bool:
    """Whether a tag of this key is part of the record."""
    return _KEY.fullmatch(key) is not None


def read_record(tags: Mapping[str, str]) -> frozenset[str]:
    """The digests of the policies that iamsa has put on the role with these tags."""
    return frozenset(entries(tags).values())


def entries(tags: Mapping[str, str]) -> dict[str, str]:
    """The keys of the record's entries, each with the digest of its policy."""
    return {key: found["digest"] for key in tags if (found := _KEY.fullmatch(key))}


def entries_of(digests: Iterable[str], tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that record these policies."""
    wanted = set(digests)
    return {key: tags[key] for key, digest in entries(tags).items() if digest in wanted}


def new_entries(digests: Iterable[str], tags: Mapping[str, str], now: datetime) -> dict[str, str]:
    """Tags that record these policies, under keys that are not in `tags`."""
    written = now.astimezone(timezone.utc).strftime(_TIME)
    return {_free_key(digest, tags): written for digest in sorted(set(digests))}


def stale_entries(
    tags: Mapping[str, str], attached: Iterable[str], inline: Iterable[str], now: datetime
) -> dict[str, str]:
    """The tags that record none of these policies (ARNs and names), but for those that another run may have
    written just before it writes the policy."""
    present = digests_of(attached, inline)
    return {
        key: tags[key]
        for key, digest in entries(tags).items()
        if digest not in present and not _may_be_in_flight(tags[key], now)
    }


def digests_of(attached: Iterable[str], inline: Iterable[str]) -> frozenset[str]:
    """The digests of managed policies with these ARNs and of inline policies with these names."""
    return frozenset({*map(managed_digest, attached), *map(inline_digest, inline)})


def foreign_policies(tags: Mapping[str, str], attached: Iterable[str], inline: Iterable[str]) -> list[str]:
    """What of these policies (ARNs and names) is not recorded in `tags`, in words."""
    known = read_record(tags)
    return [
        *(f"policy {arn}" for arn in attached if managed_digest(arn) not in known),
        *(f"inline policy {name}" for name in inline if inline_digest(name) not in known),
    ]


def written_after(value: str, moment: datetime) -> bool:
    """Whether an entry of this value was written after that moment, as far as clocks agree."""
    written = _time_of(value)
    return written is not None and written > moment


def _may_be_in_flight(value: str, now: datetime) -> bool:
    """No run has written a time that is further ahead than clocks may differ."""
    written = _time_of(value)
    return written is not None and abs(now - written) < IN_FLIGHT


def _time_of(value: str) -> datetime | None:
    try:
        return datetime.strptime(value, _TIME).replace(tzinfo=timezone.utc)
    except ValueError:
        return None


def _free_key(digest: str, tags: Mapping[str, str]) -> str:
    key = TAG_POLICY_PREFIX + digest
    if key not in tags:
        return key
    return next(copy for number in count(2) if (copy := f"{key}.{number}") not in tags)


def _digest(text: str) -> str:
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode().lower()[:_DIGEST_CHARACTERS]
