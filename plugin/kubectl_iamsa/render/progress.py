"""What is said while a run goes on: the diff, each step as it is done, and what a failure leaves undone."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.errors import TimedOut
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps import Step

from ..console import Console

SUFFIX = {"none": "", "client": " (dry run)", "server": " (server dry run)"}


class Progress:
    """Told by the core what it plans and has done; leaving it by an error says what is left."""

    def __init__(self, console: Console, *, output: str, dry_run: str, diff: bool) -> None:
        self._console = console
        self._prints_steps = output == "text"
        self._dry_run = dry_run
        self._diff = diff
        self._left: list[Step] = []
        self._done: list[Step] = []

    def planned(self, steps: tuple[Step, ...], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        say = self._console.result if self._prints_steps else self._console.notice
        if self._diff:
            for line in unified(before, after):
                say(line)
        if self._dry_run == "none":
            self._left = list(steps)
        elif self._prints_steps:
            for step in steps:
                say(step.sentence + SUFFIX[self._dry_run])

    def done(self, step: Step) -> None:
        self._left.remove(step)
        self._done.append(step)
        if self._prints_steps:
            self._console.result(step.sentence)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Who gives up waiting for an answer cannot say whether the write was done.
        unknown = self._left[:1] if isinstance(error, (KeyboardInterrupt, TimedOut)) else []
        if not kind or not (self._done or unknown):
            return
        if not self._prints_steps:
            for step in self._done:
                self._console.notice(f"done: {step.sentence}")
        for step in unknown:
            self._console.notice(f"not known to be done: {step.sentence}")
        for step in self._left[len(unknown) :]:
            self._console.notice(f"not done: {step.sentence}")
        self._console.notice("run the same command again to go on where it stopped")


def unified(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a unified diff over all resources that differ."""
    for title in {**before, **after}:
        old, new = _lines(before.get(title)), _lines(after.get(title))
        for line in difflib.unified_diff(old, new, f"{title} (now)", f"{title} (then)", lineterm=""):
            yield line.rstrip("\n")


def _lines(document: Any) -> list[str]:
    import yaml  # noqa: PLC0415

    if document is None:
        return []
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1000)
    return text.splitlines()
