# SPDX-License-Identifier: GPL-3.0-or-later

"""One run on one ServiceAccount: what is asked for, by which ways, and who is told."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

from ..bindings.writer import BindingWriter, Writers
from ..cluster.access import Access
from ..deadline import Deadline
from ..identity.subject import Subject
from ..model.desired import Desired
from ..model.steps.step import Step
from ..plan.snapshot import Snapshot

# A client's dry run stops before the rehearsal, a server's after it.
DryRun = Literal["none", "client", "server"]


class Reporter(Protocol):
    """Receives what a run does while it does it. `done` may raise to stop before the next step."""

    def planned(self, steps: tuple[Step, ...], before: Snapshot, after: Snapshot) -> None: ...

    def done(self, step: Step) -> None: ...

    def left(self, step: Step, why: str) -> None:
        """The step was not done, and there is no more reason to do it."""


class Run(NamedTuple):
    desired: Desired
    access: Access
    reporter: Reporter
    dry_run: DryRun
    kinds: Writers

    @property
    def subject(self) -> Subject:
        return self.desired.subject

    @property
    def deadline(self) -> Deadline:
        return self.access.deadline

    @property
    def kind(self) -> BindingWriter:
        """The kind of binding that is asked for."""
        return self.kinds[self.desired.kind]
