"""Prints a run over many ServiceAccounts: a line for each that changes, the failures, and the counts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Absent, IamsaError
from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import ClusterRef
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.batch import Result, Watcher
from ansible_collections.iamsa.eks.plugins.module_utils.manifest.place import Place
from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import DeleteResult, Outcome
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import error_of

from ..terminal.console import Console
from .bar import Bar
from .progress import SUFFIX

if TYPE_CHECKING:
    from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step
    from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Sentence

WORDS = ("created", "updated", "deleted", "unchanged", "not found", "failed")


class Recorder:
    """Records the plan and the completed steps of one ServiceAccount."""

    def __init__(self) -> None:
        self.before: Mapping[str, Any] = {}
        self.after: Mapping[str, Any] = {}
        self.planned_steps: tuple[Step, ...] = ()
        self.steps: list[Step] = []

    def planned(self, steps: tuple[Step, ...], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        self.before, self.after, self.planned_steps = before, after, steps

    def done(self, step: Step) -> None:
        self.steps.append(step)

    def left(self, step: Step, why: str) -> None:
        """A step that is no longer needed is not reported."""


class Row(NamedTuple):
    """One ServiceAccount of the run, and where it was requested."""

    subject: Subject
    place: Place
    recorder: Recorder


class Applied(Watcher):
    """Follows a batch and prints its progress. `stop` lets it start no further ServiceAccount.

    `remedy` says what to do if the role of a ServiceAccount cannot be assumed.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        console: Console,
        bar: Bar,
        *,
        output: str,
        dry_run: str,
        diff: bool,
        ignores_absent: bool,
        remedy: Callable[[Subject], Sentence],
    ) -> None:
        self.results: dict[int, Result] = {}
        self.stop = False
        self._rows = rows
        self._console = console
        self._bar = bar
        self._output = output
        self._prints_lines = output == "text"
        self._dry_run = dry_run
        self._diff = diff
        self._ignores_absent = ignores_absent
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
            self._bar.step(str(self._rows[place].subject))

    def _show(self, number: int) -> None:
        result, row = self.results[number], self._rows[number]
        if isinstance(result, IamsaError) or not result.changed:
            return
        if self._diff:
            self._show_difference(row.recorder)
        if self._prints_lines:
            self._console.result(f"{row.subject} {self._word(result)}{SUFFIX[self._dry_run]}")

    def _show_difference(self, recorder: Recorder) -> None:
        from .difference import color_of, unified  # noqa: PLC0415

        for line in unified(recorder.before, recorder.after):
            if self._prints_lines:
                self._console.painted((line, color_of(line)), keep="\t")
            else:
                self._console.notice(line)

    @property
    def recorders(self) -> list[Recorder]:
        """The plan of each ServiceAccount, in the order of the manifests."""
        return [row.recorder for row in self._rows]

    @property
    def failed(self) -> bool:
        """Whether a ServiceAccount failed."""
        return any(self._error_of(one) for one in self.results.values())

    @property
    def changed(self) -> bool:
        """Whether a ServiceAccount was changed, or would be."""
        return any(not isinstance(one, IamsaError) and one.changed for one in self.results.values())

    def print_document(self, cluster: ClusterRef) -> None:
        """Print the result in the format of `-o`: name, json or yaml."""
        found = [(self._rows[number].subject, result) for number, result in sorted(self.results.items())]
        if self._output == "name":
            for _subject, result in found:
                if not isinstance(result, IamsaError):
                    self._console.result(
                        result.role.name if isinstance(result, Outcome) else result.role_name
                    )
        elif self._output != "text":
            from ansible_collections.iamsa.eks.plugins.module_utils.documents.outcomes import (  # noqa: PLC0415
                outcomes_document,
            )

            from .document import print_document  # noqa: PLC0415

            print_document(
                outcomes_document(cluster, found, self._dry_run), self._console, output=self._output
            )

    def print_end(self) -> None:
        """Print notices, failures and the counts."""
        for number in sorted(one for one in self.results if one >= self._shown):
            self._show(number)
        self.print_notices(restarts=True)
        self.print_failures()
        say = self._console.result if self._prints_lines else self._console.notice
        say(self._counts() + SUFFIX[self._dry_run])

    def print_notices(self, *, restarts: bool) -> None:
        """Print each notice once, with the ServiceAccounts that it is about."""
        results = [one for _number, one in sorted(self.results.items()) if not isinstance(one, IamsaError)]
        about: dict[Sentence, list[str]] = {}
        for result in results:
            for notice in result.notices:
                about.setdefault(notice, []).append(str(result.subject))
        for notice, subjects in about.items():
            some = (
                " and ".join(subjects)
                if len(subjects) < 3
                else f"{subjects[0]} and {len(subjects) - 1} others"
            )
            self._console.notice(f"note: {some}: " + notice)
        commands = [one for result in results if isinstance(result, Outcome) for one in result.restarts]
        if commands and restarts:
            verb = "must" if self._dry_run == "none" else "would have to"
            self._console.notice(f"Pods {verb} be restarted to use their roles:")
            for command in commands:
                self._console.notice(f"  {command}")

    def print_failures(self) -> None:
        """Print each failure with its place, and what was done before it."""
        for number, row in enumerate(self._rows):
            result = self.results.get(number)
            error = self._error_of(result)
            if error:
                self._console.error(f"{row.place}: {row.subject}: " + error.problem, error.remedy)
            if isinstance(result, IamsaError):
                for step in row.recorder.steps:
                    self._console.notice(f"{row.subject}: done: {step.sentence}")

    def print_left(self) -> None:
        """Print what a run that was stopped did not finish."""
        left = [row for number, row in enumerate(self._rows) if number not in self.results]
        for row in left:
            state = "possibly incomplete" if row.recorder.planned_steps else "not done"
            self._console.notice(f"{state}: {row.subject}")
        if left:
            self._console.notice("run the same command again to continue")

    def _counts(self) -> str:
        found = [self._word(one) for one in self.results.values()]
        counts = [(found.count(word), word) for word in WORDS]
        counts.append((len(self._rows) - len(found), "not done"))
        return ", ".join(f"{count} {word}" for count, word in counts if count)

    def _word(self, result: Result) -> str:
        """Return what happened to a ServiceAccount, one of WORDS."""
        if self._error_of(result):
            return "failed"
        if isinstance(result, IamsaError):
            return "not found"
        if not result.changed:
            return "unchanged"
        if isinstance(result, DeleteResult):
            return "deleted"
        created = any(step.target.kind == "role" and step.verb == "create" for step in result.steps)
        return "created" if created else "updated"

    def _error_of(self, result: Result | None) -> IamsaError | None:
        """Return why a ServiceAccount failed, also if its role was made and cannot be assumed."""
        if isinstance(result, Absent) and self._ignores_absent:
            return None
        if isinstance(result, IamsaError):
            return result
        if isinstance(result, Outcome) and result.verification and result.verification.verdict != "yes":
            return error_of(result.verification, self._remedy(result.subject))
        return None
