# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rehearsal of a new ServiceAccount, made while its role is still looked for.

A ServiceAccount that is missing has, as a rule, no role yet: what is to be written is then known, and whether
Kubernetes takes it need not wait for AWS. Where it turns out otherwise, the rehearsal is made in its turn.
"""

from __future__ import annotations

from ..cluster.observation import Observation
from ..deadline import Deadline
from ..errors import IamsaError
from ..model.desired import Desired
from ..model.steps.step import Step
from ..plan.resolve import resolve
from ..plan.service_account import service_account_steps
from .rehearsal import rehearse
from .service_account import replanning


class EarlyRehearsal:
    """What came of it counts for the very same step alone, whether it went well or not."""

    def __init__(self, desired: Desired, deadline: Deadline) -> None:
        self._desired = desired
        self._deadline = deadline
        self._steps: tuple[Step, ...] = ()
        self._error: IamsaError | None = None

    def rehearse(self, seen: Observation) -> None:
        """Raises nothing: nobody has asked yet. Not where the namespace may have to be made first."""
        if self._desired.overrides.create_namespace:
            return
        target = resolve(self._desired, seen.cluster, seen.role)
        try:
            steps = tuple(service_account_steps(target, seen.cluster, seen.role))
        except IamsaError:
            return
        try:
            rehearse(self._desired, seen, steps, replanning(target), self._deadline)
        except IamsaError as error:
            self._error = error
        self._steps = steps

    def without_rehearsed(self, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        """Those that are still to be rehearsed.

        Raises:
            IamsaError: what the rehearsal has met.
        """
        left = tuple(step for step in steps if step not in self._steps)
        if self._error and len(left) < len(steps):
            raise self._error
        return left
