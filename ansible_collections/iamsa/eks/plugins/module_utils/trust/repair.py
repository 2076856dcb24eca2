# SPDX-License-Identifier: GPL-3.0-or-later

"""What our statements in a trust policy should be: repaired, and never wider than they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..policy.equality import Document
from .conditions import joined
from .grant import Grant
from .statements import TrustReading, is_same_statement


def repaired(reading: TrustReading, grant: Grant, earlier: Grant | None = None) -> tuple[Document, ...]:
    """Our statements as they should be: what `grant` says, each with the further conditions that it has.

    The role never trusts more than before, and no less wherever it trusts our tokens now. Of several
    statements it trusts what any of them allows. So where some of ours let our tokens in already, just those
    stay, and the broken ones go: repairing a broken one without conditions would undo the conditions of the
    others. Only where none does, the broken ones are repaired: those of the earlier issuer first, then those
    that are wrong in audience alone, then the rest. A statement with conditions beside one without has no
    effect and stays: no condition is removed unasked.
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
    """Those of our statements that have no counterpart among `statements`, which take their place."""
    kept = tuple(statements)
    stale = ((one, grant.taking_over(one, earlier)) for one in reading.stale) if earlier else ()
    pairs = (*((one, one) for one in reading.ours), *stale)
    return tuple(
        was for was, now in pairs if not any(is_same_statement(_exact(now, grant), one) for one in kept)
    )


def consists_of(reading: TrustReading, statements: tuple[Document, ...]) -> bool:
    """Whether these, and no others, are our statements."""
    return (
        not reading.stale
        and len(reading.ours) == len(statements)
        and all(any(is_same_statement(one, other) for other in reading.ours) for one in statements)
    )


def is_exact(reading: TrustReading, grant: Grant) -> bool:
    """Whether our statement is there and says precisely what `grant` says, under whatever conditions more."""
    return bool(reading.ours) and consists_of(reading, repaired(reading, grant))


def _exact(statement: Document, grant: Grant) -> Document:
    """`statement` itself where it says what it should, else what it should say."""
    own = grant.statement()
    wanted = {**own, "Condition": joined(own["Condition"], grant.further(statement))}
    return statement if is_same_statement(statement, wanted) else wanted


def _distinct(statements: Iterable[Document]) -> Iterator[Document]:
    seen: list[Document] = []
    for statement in statements:
        if not any(is_same_statement(statement, one) for one in seen):
            seen.append(statement)
            yield statement
