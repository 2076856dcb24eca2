# SPDX-License-Identifier: GPL-3.0-or-later

"""Which steps of a create or an update are done: each is reported, and where the run ends early, the entries
of the role's record that are then wrong are taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..apply.record_cleanup import RecordCleanup
from ..errors import IamsaError
from ..model.observed import Observed
from ..model.steps.step import Step
from .run import Run


class StepsDone:
    """Of `steps` in their order; `done` receives each that is done. `observed` was there before."""

    def __init__(self, run: Run, observed: Observed, steps: Sequence[Step], done: list[Step]) -> None:
        self._reporter = run.reporter
        self._cleanup = RecordCleanup(observed.role_name, run.access.iam, run.deadline)
        self._role = observed.role
        self._steps = steps
        self._done = done

    @contextmanager
    def doing(self, step: Step) -> Iterator[None]:
        """Around the write of the next step. The reporter may raise to stop before the one after it."""
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
