"""Whole processes, timed from outside: in turns, so that a machine that slows down slows down both."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One process: wall seconds from start to end, and the most memory that it or a child had, in MB."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Command:
    """`words` makes the command line, of a name that no other run has."""

    words: Callable[[str], Sequence[str]]
    environ: Mapping[str, str]

    def run(self) -> Run:
        """AssertionError where it fails: a failure is quick, and no figure."""
        words = list(self.words(f"run-{uuid.uuid4().hex[:10]}"))
        start = time.perf_counter()
        with subprocess.Popen(
            words,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            printed = process.stdout.read() if process.stdout else b""
            _pid, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise AssertionError(f"{' '.join(words)}: {process.returncode}\n{printed.decode()}")
        return Run(seconds, usage.ru_maxrss / 1024)


@dataclass(frozen=True)
class Figure:
    """Of several values: the median, and the least and the greatest."""

    median: float
    least: float
    greatest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Figure:
        return cls(statistics.median(values), min(values), max(values))

    def text(self, pattern: str) -> str:
        """As `0.35 (0.34-0.39)`."""
        return f"{self.median:{pattern}} ({self.least:{pattern}}-{self.greatest:{pattern}})"


@dataclass(frozen=True)
class Comparison:
    """Two commands in turns: seconds of each, and by how much the second takes longer, pair by pair."""

    first: Figure
    second: Figure
    ratio: Figure


def compared(first: Command, second: Command, runs: int) -> Comparison:
    """After one run of each that does not count."""
    first.run()
    second.run()
    pairs = [(first.run().seconds, second.run().seconds) for _ in range(runs)]
    ones, others = zip(*pairs, strict=True)
    ratios = [other / one for one, other in pairs]
    return Comparison(Figure.of(ones), Figure.of(others), Figure.of(ratios))
