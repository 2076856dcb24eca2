# SPDX-License-Identifier: GPL-3.0-or-later

"""The record of the policies that iamsa attached to a role: one tag of the role, an entry, for each policy.

A policy that iamsa did not attach is kept by create and blocks delete, but IAM does not say who attached it.
An entry's key is `iamsa/policy/<digest>`, because names and ARNs may contain characters that tag keys must
not. Its value is the time when it was written. TagRole and UntagRole change only the keys that they name, so
concurrent runs keep each other's entries. A policy that is attached again while an old entry still exists
gets an entry of its own, `iamsa/policy/<digest>.2`: the run that detached it may be about to remove the old
entry.

An entry is written before its policy. While it is younger than ten minutes, a run may still be about to write
the policy.
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
# AWS rejects a signed request whose clock is off by more than five minutes. So the clocks of two runs differ
# by at most ten minutes, and an entry that looks older was written before now, whatever the clocks say.
IN_FLIGHT = timedelta(minutes=10)
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def managed_digest(arn: str) -> str:
    """The digest of a managed policy."""
    return _digest(arn)


def inline_digest(name: str) -> str:
    """The digest of an inline policy."""
    return _digest(f"inline/{name}")


def is_entry(key: str) -> bool:
    """Whether a tag with this key is an entry of the record."""
    return _KEY.fullmatch(key) is not None


def read_record(tags: Mapping[str, str]) -> frozenset[str]:
    """The digests of the policies that iamsa attached to the role with these tags."""
    return frozenset(entries(tags).values())


def entries(tags: Mapping[str, str]) -> dict[str, str]:
    """The record's entries: tag key to digest of the policy."""
    return {key: found["digest"] for key in tags if (found := _KEY.fullmatch(key))}


def entries_of(digests: Iterable[str], tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that record the policies with these digests, key to value."""
    wanted = set(digests)
    return {key: tags[key] for key, digest in entries(tags).items() if digest in wanted}


def new_entries(digests: Iterable[str], tags: Mapping[str, str], now: datetime) -> dict[str, str]:
    """New tags that record the policies with these digests, under keys that are not in `tags`."""
    written = now.astimezone(timezone.utc).strftime(_TIME)
    return {_free_key(digest, tags): written for digest in sorted(set(digests))}


def stale_entries(
    tags: Mapping[str, str], attached: Iterable[str], inline: Iterable[str], now: datetime
) -> dict[str, str]:
    """The entries for policies other than these (ARNs and inline names), key to value.

    Entries that another run may have written just before it writes the policy are left out.
    """
    present = digests_of(attached, inline)
    return {
        key: tags[key]
        for key, digest in entries(tags).items()
        if digest not in present and not _may_be_in_flight(tags[key], now)
    }


def digests_of(attached: Iterable[str], inline: Iterable[str]) -> frozenset[str]:
    """The digests of managed policies with these ARNs and of inline policies with these names."""
    return frozenset({*map(managed_digest, attached), *map(inline_digest, inline)})


def unmanaged_policies(tags: Mapping[str, str], attached: Iterable[str], inline: Iterable[str]) -> list[str]:
    """Those of these policies (ARNs and inline names) that `tags` do not record, described for messages."""
    known = read_record(tags)
    return [
        *(f"policy {arn}" for arn in attached if managed_digest(arn) not in known),
        *(f"inline policy {name}" for name in inline if inline_digest(name) not in known),
    ]


def written_after(value: str, moment: datetime) -> bool:
    """Whether an entry with this value was written after `moment`, by the writer's clock."""
    written = _time_of(value)
    return written is not None and written > moment


def _may_be_in_flight(value: str, now: datetime) -> bool:
    """Whether the entry may be so new that its policy is still to be written, given how clocks may differ."""
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
