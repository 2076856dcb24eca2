"""(c) What is there before any work: `--help` and completion, against the interpreter that does nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bench.stopwatch import Command, Comparison, compared

STARTS = {
    "`--help`": ["kubectl-iamsa", "--help"],
    "`create --help`": ["kubectl-iamsa", "create", "--help"],
    "completion of a verb": ["kubectl_complete-iamsa", "cr"],
    "completion of a flag": ["kubectl_complete-iamsa", "create", "--pol"],
}


def against_python(python: Path, environ: Mapping[str, str], runs: int) -> dict[str, Comparison]:
    """Bare python first: the ratio says how many times longer the other takes."""
    bare = Command(lambda _: [str(python), "-c", "pass"], environ)
    return {
        what: compared(bare, Command(lambda _, words=words: words, environ), runs)  # type: ignore[misc]
        for what, words in STARTS.items()
    }
