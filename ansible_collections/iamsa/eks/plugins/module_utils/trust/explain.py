# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a trust policy does not allow a ServiceAccount's token to assume the role: which part does not match.

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
    """Why a trust policy does not allow a token.

    `deny` are the Deny statements that apply to it. `nearest` is the Allow statement with the fewest
    mismatches, or None if there is no Allow statement. `mismatches` maps each mismatch to what the statement
    has in its place.
    """

    deny: tuple[Document, ...]
    nearest: Document | None
    mismatches: Mapping[Mismatch, str]


def trust_faults(document: Document, grant: Grant) -> TrustFaults:
    """The faults of a trust policy for a token of the grant's first subject."""
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
    # A statement for another principal is less similar than any statement with mistakes.
    return len(found) + (10 if "principal" in found else 0)
