# SPDX-License-Identifier: GPL-3.0-or-later

"""Track and report the completed steps of create and update.

If the run ends early, the entries of the role's record that are then wrong are removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..apply.record_cleanup import RecordCleanup
from ..errors import IamsaError
from ..model.observed import Observed
from ..model.steps.step import Step
from .run import Run


class StepsDone:
    """Tracks `steps` in their order; `done` receives each completed one. `observed` is the state before."""

    def __init__(self, run: Run, observed: Observed, steps: Sequence[Step], done: list[Step]) -> None:
        self._reporter = run.reporter
        self._cleanup = RecordCleanup(observed.role_name, run.access.iam, run.deadline)
        self._role = observed.role
        self._steps = steps
        self._done = done

    @contextmanager
    def doing(self, step: Step) -> Iterator[None]:
        """Wrap the write of the next step. The reporter may raise to stop before the step after it."""
        try:
            yield
        except IamsaError as error:
            self._cleanup.take_back(self._role, self._steps, len(self._done), error)
            raise
        self._done.append(step)
        try:
            self._reporter.done(step)
        except BaseException:
            self._cleanup.take_back(self._role, self._steps, len(self._done))
            raise
