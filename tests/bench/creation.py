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
    """iamsa is the first of the two; `latency` is that of each call, in milliseconds."""

    what: str
    latency: int
    comparison: Comparison


def create(name: str) -> list[str]:
    return ["kubectl", "iamsa", "create", name, "-p", POLICY]


def recipe(name: str) -> list[str]:
    """Its second run meets a role that exists; that is overlooked, in its favour."""
    return ["sh", str(RECIPE), f"by-hand-{name}"]


def first_floor(name: str) -> list[str]:
    """See floor.py."""
    return ["kubectl", "floor", "first", f"least-{name}"]


def second_floor(name: str) -> list[str]:
    return ["kubectl", "floor", "again", f"least-{name}"]


def against_recipe(environ: Mapping[str, str], latency: Callable[[float], None], runs: int) -> list[Row]:
    return _rows((recipe, recipe), environ, latency, runs)


def against_floor(environ: Mapping[str, str], latency: Callable[[float], None], runs: int) -> list[Row]:
    return _rows((first_floor, second_floor), environ, latency, runs)


def _rows(
    theirs: tuple[Words, Words], environ: Mapping[str, str], latency: Callable[[float], None], runs: int
) -> list[Row]:
    first, again = theirs
    rows = []
    Command(lambda _: create("known"), environ).run()
    Command(lambda _: first("known"), environ).run()
    for milliseconds in LATENCIES:
        latency(milliseconds / 1000)
        fresh = compared(Command(create, environ), Command(first, environ), runs)
        known = compared(
            Command(lambda _: create("known"), environ), Command(lambda _: again("known"), environ), runs
        )
        rows += [Row("first run", milliseconds, fresh), Row("nothing to do", milliseconds, known)]
    latency(0)
    return rows
