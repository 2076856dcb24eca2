# SPDX-License-Identifier: GPL-3.0-or-later

"""Repair iamsa's statements in a trust policy without widening access."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..policy.equality import Document
from .conditions import joined
from .grant import Grant
from .statements import TrustReading, is_same_statement


def repaired(reading: TrustReading, grant: Grant, earlier: Grant | None = None) -> tuple[Document, ...]:
    """Our statements as they should be: what `grant` says, each with its own further conditions.

    The role never trusts more than before, and not less if it trusts our tokens now. A role trusts what any
    of its statements allows. So if some of our statements already allow our tokens, only those are kept, and
    the broken ones are dropped: repairing a broken statement without conditions would defeat the conditions
    of the others. If none of them does, the broken ones are repaired: first those of the earlier issuer that
    are otherwise correct, then those with the right action, then the rest. A statement with conditions beside
    one without has no effect but is kept: no condition is removed unless requested.
    """
    bound = [grant.taking_over(statement, earlier) for statement in reading.stale] if earlier else []
    candidates = [*reading.ours, *bound]
    preferred = (
        [one for one in reading.ours if grant.lets_in(one)],
        [one for one in candidates if grant.lets_in(one)],
        [one for one in candidates if grant.names_action(one)],
        candidates,
    )
    chosen = next(filter(None, preferred), [grant.statement()])
    return tuple(_distinct(_exact(one, grant) for one in chosen))


def dropped(
    reading: TrustReading, statements: Iterable[Document], grant: Grant, earlier: Grant | None = None
) -> tuple[Document, ...]:
    """Those of our statements that `statements`, which replace them, do not contain in repaired form."""
    kept = tuple(statements)
    stale = ((one, grant.taking_over(one, earlier)) for one in reading.stale) if earlier else ()
    pairs = (*((one, one) for one in reading.ours), *stale)
    return tuple(
        was for was, now in pairs if not any(is_same_statement(_exact(now, grant), one) for one in kept)
    )


def consists_of(reading: TrustReading, statements: tuple[Document, ...]) -> bool:
    """Whether our statements are exactly these."""
    return (
        not reading.stale
        and len(reading.ours) == len(statements)
        and all(any(is_same_statement(one, other) for other in reading.ours) for one in statements)
    )


def is_exact(reading: TrustReading, grant: Grant) -> bool:
    """Whether our statements exist and say exactly what `grant` says, apart from further conditions."""
    return bool(reading.ours) and consists_of(reading, repaired(reading, grant))


def _exact(statement: Document, grant: Grant) -> Document:
    """`statement` itself if it is correct, else the correct statement with its further conditions."""
    own = grant.statement()
    wanted = {**own, "Condition": joined(own["Condition"], grant.further(statement))}
    return statement if is_same_statement(statement, wanted) else wanted


def _distinct(statements: Iterable[Document]) -> Iterator[Document]:
    seen: list[Document] = []
    for statement in statements:
        if not any(is_same_statement(statement, one) for one in seen):
            seen.append(statement)
            yield statement
