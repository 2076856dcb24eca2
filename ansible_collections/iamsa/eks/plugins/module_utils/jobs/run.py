# SPDX-License-Identifier: GPL-3.0-or-later

"""The parameters of one run on one ServiceAccount, and the interface that reports its progress."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

from ..bindings.writer import BindingWriter, Writers
from ..cluster.access import Access
from ..deadline import Deadline
from ..identity.subject import Subject
from ..model.desired import Desired
from ..model.steps.step import Step
from ..plan.snapshot import Snapshot

# A client-side dry run stops before the rehearsal, a server-side one after it.
DryRun = Literal["none", "client", "server"]


class Reporter(Protocol):
    """Receives the run's progress. `done` may raise to stop before the next step."""

    def planned(self, steps: tuple[Step, ...], before: Snapshot, after: Snapshot) -> None:
        """All steps are planned, and none is done."""

    def done(self, step: Step) -> None:
        """The step is completed."""

    def left(self, step: Step, why: str) -> None:
        """The step was skipped, because it is no longer needed; `why` completes "left unchanged:"."""


class Run(NamedTuple):
    """The parameters of one run."""

    desired: Desired
    access: Access
    reporter: Reporter
    dry_run: DryRun
    kinds: Writers

    @property
    def subject(self) -> Subject:
        """The ServiceAccount."""
        return self.desired.subject

    @property
    def deadline(self) -> Deadline:
        """The deadline of the run."""
        return self.access.deadline

    @property
    def kind(self) -> BindingWriter:
        """The requested kind of binding."""
        return self.kinds[self.desired.kind]
