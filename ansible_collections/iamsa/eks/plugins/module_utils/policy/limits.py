# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM's quotas for a role and for an OIDC provider, and what IAM counts toward them.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html and
https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

INLINE_SIZE = 10_240
TRUST_SIZE = 2_048
ATTACHMENTS = 10
TAGS = 50
AUDIENCES_PER_PROVIDER = 100
TAGS_PER_PROVIDER = 50

LimitName = Literal["inline", "trust", "attachments", "tags"]


@dataclass(frozen=True)
class Range:
    """A number that is known only as a range; `most` is infinite if there is no upper bound."""

    least: int
    most: float

    def __add__(self, other: Range) -> Range:
        return Range(self.least + other.least, self.most + other.most)

    def surely_within(self, limit: Range) -> bool:
        """Whether the number is at most the limit, whatever both are exactly."""
        return self.most <= limit.least

    def surely_beyond(self, limit: Range) -> bool:
        """Whether the number is above the limit, whatever both are exactly."""
        return self.least > limit.most


UNKNOWN = Range(0, math.inf)


class Quotas(NamedTuple):
    """The account's quotas for a role from GetAccountSummary; None for a missing value.

    `attachments` is AttachedPoliciesPerRoleQuota. `trust` is AssumeRolePolicySizeQuota and `inline` is
    RolePolicySizeQuota, both in characters. AWS increases the first two on request.
    """

    attachments: int | None = None
    trust: int | None = None
    inline: int | None = None


def limit(name: LimitName, quotas: Quotas | None) -> Range:
    """The quota of this name for a role; if `quotas` lacks it and it is adjustable, at least the default."""
    if name == "tags":
        return exactly(TAGS)
    if name == "inline":
        return exactly((quotas.inline if quotas else None) or INLINE_SIZE)
    read = getattr(quotas, name) if quotas else None
    default = TRUST_SIZE if name == "trust" else ATTACHMENTS
    return exactly(read) if read is not None else Range(default, math.inf)


def exactly(number: int) -> Range:
    """A range of one number."""
    return Range(number, number)


def text_size(text: str) -> Range:
    """The size of a JSON text without white space between tokens, in characters as IAM may count them.

    IAM does not count white space. AWS does not document whether that includes white space inside strings, or
    whether a character beyond ASCII counts as one or as its UTF-8 bytes; IAM's error message speaks of bytes.
    """
    return Range(len(re.sub(r"\s", "", text)), len(text.encode(errors="surrogatepass")))


def tag_count(keys: Iterable[str]) -> Range:
    """The number of tags that IAM counts. AWS's general rules exclude aws: tags; IAM's do not mention them.

    Source: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
    """
    listed = list(keys)
    return Range(sum(not key.casefold().startswith("aws:") for key in listed), len(listed))


def total(sizes: Iterable[Range]) -> Range:
    """The sum of the sizes."""
    return sum(sizes, Range(0, 0))
