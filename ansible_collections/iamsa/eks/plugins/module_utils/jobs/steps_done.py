# SPDX-License-Identifier: GPL-3.0-or-later

"""Track and report the completed steps of create and update.

If the run ends early, the entries of the role's record that are then wrong are removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ..apply.record_cleanup import RecordCleanup
from ..errors import IamsaError
from ..model.observed import Observed
from ..model.steps.step import Step
from .run import Run


@dataclass
class Doing:
    """A step under way. `turned_out` is the step that was really done, None if it was no longer needed."""

    turned_out: Step | None


class StepsDone:
    """Tracks `steps` in their order; `done` receives each completed one. `observed` is the state before.

    `reported` are the steps as they turned out.
    """

    def __init__(self, run: Run, observed: Observed, steps: Sequence[Step], done: list[Step]) -> None:
        self._reporter = run.reporter
        self._cleanup = RecordCleanup(observed.role_name, run.access.iam, run.deadline)
        self._role = observed.role
        self._steps = steps
        self._done = done
        self.reported: list[Step] = []

    @contextmanager
    def doing(self, step: Step) -> Iterator[Doing]:
        """Wrap the write of the next step. The reporter may raise to stop before the step after it."""
        doing = Doing(step)
        try:
            yield doing
        except IamsaError as error:
            self._cleanup.take_back(self._role, self._steps, len(self._done), error)
            raise
        self._done.append(step)
        try:
            if doing.turned_out is None:
                self._reporter.left(step, "another process has already done it")
            else:
                self.reported.append(doing.turned_out)
                self._reporter.done(doing.turned_out)
        except BaseException:
            self._cleanup.take_back(self._role, self._steps, len(self._done))
            raise
