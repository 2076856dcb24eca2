"""(a) `create` against the recipe of its predecessor, and (b) against the least that it can cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.stopwatch import Command, Comparison, compared

RECIPE = Path(__file__).with_name("recipe.sh")
POLICY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
LATENCIES = (0, 100)

Words = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Row:
    """`latency` is that of each call, in milliseconds; iamsa is the first of the two."""

    what: str
    latency: int
    comparison: Comparison


def against_recipe(environ: Mapping[str, str], latency: Callable[[float], None], runs: int) -> list[Row]:
    """The recipe's second run meets a role that exists; that is overlooked, in its favour."""
    recipe: Words = lambda name: ["sh", str(RECIPE), f"by-hand-{name}"]  # noqa: E731
    return _rows(recipe, recipe, environ, latency, runs)


def against_floor(environ: Mapping[str, str], latency: Callable[[float], None], runs: int) -> list[Row]:
    """See floor.py."""
    first: Words = lambda name: ["kubectl", "floor", "first", f"least-{name}"]  # noqa: E731
    again: Words = lambda name: ["kubectl", "floor", "again", f"least-{name}"]  # noqa: E731
    return _rows(first, again, environ, latency, runs)


def _rows(
    first: Words,
    again: Words,
    environ: Mapping[str, str],
    latency: Callable[[float], None],
    runs: int,
) -> list[Row]:
    rows = []
    create: Words = lambda name: ["kubectl", "iamsa", "create", name, "-p", POLICY]  # noqa: E731
    for milliseconds in LATENCIES:
        latency(milliseconds / 1000)
        known = f"known-{milliseconds}"
        for make in (create, first):
            Command(lambda _, make=make: make(known), environ).run()  # type: ignore[misc]
        pairs = {
            "first run": (create, first),
            "nothing to do": (lambda _: create(known), lambda _: again(known)),  # noqa: B023
        }
        for what, (ours, theirs) in pairs.items():
            comparison = compared(Command(ours, environ), Command(theirs, environ), runs)
            rows.append(Row(what, milliseconds, comparison))
    latency(0)
    return rows
