# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is told of a run, and how much of it is done."""

from __future__ import annotations

from typing import Literal, Protocol

from ..model.steps.step import Step
from ..plan.snapshot import Snapshot

DryRun = Literal["none", "client", "server"]


class Reporter(Protocol):
    """Who is told what happens while it happens. `done` may raise to stop before the next step."""

    def planned(self, steps: tuple[Step, ...], before: Snapshot, after: Snapshot) -> None: ...

    def done(self, step: Step) -> None: ...

    def left(self, step: Step, why: str) -> None:
        """The step was not done, and there is no more reason to do it."""
