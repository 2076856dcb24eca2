"""Prints a run over many ServiceAccounts: a line for each that changes, the failures, and the counts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError
from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import ClusterRef
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.batch import Result, Watcher
from ansible_collections.iamsa.eks.plugins.module_utils.manifest.place import Place
from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import Outcome
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import error_of

from ..terminal.console import Console
from .bar import Bar
from .progress import SUFFIX

if TYPE_CHECKING:
    from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step
    from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Sentence

WORDS = ("created", "updated", "unchanged")


class Recorder:
    """Records the plan and the completed steps of one ServiceAccount."""

    def __init__(self) -> None:
        self.before: Mapping[str, Any] = {}
        self.after: Mapping[str, Any] = {}
        self.steps: list[Step] = []
        self.is_writing = False

    def planned(self, steps: tuple[Step, ...], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        self.before, self.after = before, after
        self.is_writing = bool(steps)

    def done(self, step: Step) -> None:
        self.steps.append(step)

    def left(self, step: Step, why: str) -> None:
        """A step that is no longer needed is not reported."""


class Applied(Watcher):
    """Follows a batch and prints its progress. `stop` lets it start no further ServiceAccount.

    `remedy` says what to do if the role of a ServiceAccount cannot be assumed.
    """

    def __init__(
        self,
        items: Sequence[tuple[Subject, Place, Recorder]],
        console: Console,
        bar: Bar,
        *,
        output: str,
        dry_run: str,
        diff: bool,
        remedy: Callable[[Subject], Sentence],
    ) -> None:
        self.results: dict[int, Result] = {}
        self.stop = False
        self._items = items
        self._console = console
        self._bar = bar
        self._output = output
        self._prints_lines = output == "text"
        self._dry_run = dry_run
        self._diff = diff
        self._remedy = remedy
        self._lock = threading.Lock()
        # Lines are printed in the order of the manifests: how many items were shown.
        self._shown = 0

    def is_stopped(self) -> bool:
        return self.stop

    def finished(self, place: int, result: Result) -> None:
        with self._lock:
            self.results[place] = result
            while self._shown in self.results:
                self._show(self._shown)
                self._shown += 1
            self._bar.step(str(self._items[place][0]))

    def _show(self, place: int) -> None:
        result = self.results[place]
        subject, _place, recorder = self._items[place]
        if isinstance(result, Outcome) and result.changed:
            self._show_difference(recorder)
            if self._prints_lines:
                self._console.result(f"{subject} {word_of(result)}{SUFFIX[self._dry_run]}")

    def _show_difference(self, recorder: Recorder) -> None:
        if not self._diff:
            return
        from .difference import color_of, unified  # noqa: PLC0415

        for line in unified(recorder.before, recorder.after):
            if self._prints_lines:
                self._console.painted((line, color_of(line)), keep="\t")
            else:
                self._console.notice(line)

    @property
    def failed(self) -> bool:
        """Whether a ServiceAccount failed."""
        return any(_error_of(one, self._remedy) for one in self.results.values())

    def print_document(self, cluster: ClusterRef) -> None:
        """Print the result in the format of `-o`: name, json or yaml."""
        found = [(self._items[number][0], result) for number, result in sorted(self.results.items())]
        if self._output == "name":
            for _subject, result in found:
                if isinstance(result, Outcome):
                    self._console.result(result.role.name)
        elif self._output != "text":
            from ansible_collections.iamsa.eks.plugins.module_utils.documents.outcomes import (  # noqa: PLC0415
                outcomes_document,
            )

            from .document import print_document  # noqa: PLC0415

            print_document(
                outcomes_document(cluster, found, self._dry_run), self._console, output=self._output
            )

    def print_end(self) -> None:
        """Print notices, failures, what is left, and the counts."""
        for number in sorted(one for one in self.results if one >= self._shown):
            self._show(number)
        outcomes = [one for _place, one in sorted(self.results.items()) if isinstance(one, Outcome)]
        _print_notices(outcomes, self._console)
        _print_restarts(outcomes, self._console, self._dry_run)
        for number, (subject, place, recorder) in enumerate(self._items):
            result = self.results.get(number)
            error = _error_of(result, self._remedy)
            if error:
                self._console.error(f"{place}: {subject}: " + error.problem, error.remedy)
            if isinstance(result, IamsaError):
                for step in recorder.steps:
                    self._console.notice(f"{subject}: done: {step.sentence}")
        say = self._console.result if self._prints_lines else self._console.notice
        say(self._counts() + SUFFIX[self._dry_run])

    def print_left(self) -> None:
        """Print what a run that was stopped did not finish."""
        left = [number for number in range(len(self._items)) if number not in self.results]
        for number in left:
            subject, _place, recorder = self._items[number]
            state = "possibly incomplete" if recorder.is_writing else "not done"
            self._console.notice(f"{state}: {subject}")
        if left:
            self._console.notice("run the same command again to continue")

    def _counts(self) -> str:
        found = ["failed" if _error_of(one, self._remedy) else word_of(one) for one in self.results.values()]
        counts = [(found.count(word), word) for word in (*WORDS, "failed")]
        counts.append((len(self._items) - len(found), "not done"))
        return ", ".join(f"{count} {word}" for count, word in counts if count)


def word_of(result: Result) -> str:
    """Return what happened to a ServiceAccount: one of WORDS, or failed."""
    if not isinstance(result, Outcome):
        return "failed"
    if not result.changed:
        return "unchanged"
    created = any(step.target.kind == "role" and step.verb == "create" for step in result.steps)
    return "created" if created else "updated"


def _error_of(result: Result | None, remedy: Callable[[Subject], Sentence]) -> IamsaError | None:
    """Return why a ServiceAccount failed, also if its role was made and cannot be assumed."""
    if isinstance(result, IamsaError):
        return result
    if isinstance(result, Outcome) and result.verification and result.verification.verdict != "yes":
        return error_of(result.verification, remedy(result.subject))
    return None


def _print_notices(outcomes: Sequence[Outcome], console: Console) -> None:
    """Print each notice once, with the ServiceAccounts that it is about."""
    about: dict[Sentence, list[str]] = {}
    for outcome in outcomes:
        for notice in outcome.notices:
            about.setdefault(notice, []).append(str(outcome.subject))
    for notice, subjects in about.items():
        others = f" and {len(subjects) - 1} others" if len(subjects) > 2 else ""
        first = " and ".join(subjects[:2]) if not others else subjects[0]
        console.notice(f"note: {first}{others}: " + notice)


def _print_restarts(outcomes: Sequence[Outcome], console: Console, dry_run: str) -> None:
    commands = [command for outcome in outcomes for command in outcome.restarts]
    if commands:
        verb = "must" if dry_run == "none" else "would have to"
        console.notice(f"Pods {verb} be restarted to use their roles:")
        for command in commands:
            console.notice(f"  {command}")
