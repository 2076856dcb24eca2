# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a trust policy does not let a ServiceAccount's token in: which part of which statement is wrong.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..policy.equality import Document
from .evaluate import refers_to
from .grant import Grant, Mismatch
from .statements import statements_of


@dataclass(frozen=True)
class TrustFaults:
    """`deny` are statements that keep the token out; `nearest` is the Allow statement that lacks the least,
    and `mismatches` what it lacks, with the words found there. None is nearest where nothing is allowed."""

    deny: tuple[Document, ...]
    nearest: Document | None
    mismatches: Mapping[Mismatch, str]


def trust_faults(document: Document, grant: Grant) -> TrustFaults:
    """Judge every statement for the token of the first of `grant`'s subjects."""
    statements = [one for one in statements_of(document) if isinstance(one, Mapping)]
    allow = [(grant.mismatches(one), one) for one in statements if one.get("Effect") == "Allow"]
    refused = tuple(
        one for one in statements if one.get("Effect") == "Deny" and refers_to(one, grant) == "yes"
    )
    if not allow:
        return TrustFaults(refused, None, {})
    found, nearest = min(allow, key=lambda one: _distance(one[0]))
    return TrustFaults(refused, nearest, found)


def _distance(found: Mapping[Mismatch, str]) -> int:
    # A statement that is about somebody else altogether is further away than any that has a mistake.
    return len(found) + (10 if "principal" in found else 0)
