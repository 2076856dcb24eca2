# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The writes to Kubernetes rehearsed before AWS is touched, and that of a new ServiceAccount even earlier.

A ServiceAccount that is missing has, as a rule, no role yet: what is to be written is then known, and whether
Kubernetes takes it need not wait for AWS. Where it turns out otherwise, the rehearsal is made in its turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from ..apply.rehearsal import Rehearsal
from ..concurrency import bounded
from ..deadline import Deadline
from ..errors import IamsaError
from ..kube.api.client import KubernetesCluster
from ..model.desired import Desired
from ..model.steps.step import Step
from .write import PlanAgain, write


def rehearse(
    steps: Iterable[Step],
    desired: Desired,
    kubernetes: KubernetesCluster,
    plan_again: PlanAgain,
    deadline: Deadline,
) -> tuple[str, ...]:
    """Try them without storing anything; what cannot be tried yet is said in what is returned.

    Raises:
        IamsaError: RBAC, an admission webhook, a terminating namespace or a conflict would stop a write.
    """
    rehearsal = Rehearsal(kubernetes, desired.service_account.field_manager)
    bounded("rehearsing", partial(_try, steps, rehearsal, desired, plan_again, deadline), deadline)
    return tuple(rehearsal.notices)


class EarlyRehearsal:
    """Of `steps`; what comes of it counts for the very same steps alone, whether it goes well or not."""

    def __init__(
        self,
        steps: Sequence[Step],
        desired: Desired,
        kubernetes: KubernetesCluster,
        plan_again: PlanAgain,
        deadline: Deadline,
    ) -> None:
        self._steps = steps
        self._error: IamsaError | None = None
        rehearsal = Rehearsal(kubernetes, desired.service_account.field_manager)
        self._try = partial(_try, steps, rehearsal, desired, plan_again, deadline)

    def run(self) -> None:
        """Raises nothing: nobody has asked yet."""
        try:
            self._try()
        except IamsaError as error:
            self._error = error

    def rest_of(self, steps: Sequence[Step]) -> Sequence[Step]:
        """Those that are still to be rehearsed.

        Raises:
            IamsaError: what the rehearsal has met.
        """
        rest = [step for step in steps if step not in self._steps]
        if self._error and len(rest) < len(steps):
            raise self._error
        return rest


def _try(
    steps: Iterable[Step],
    rehearsal: Rehearsal,
    desired: Desired,
    plan_again: PlanAgain,
    deadline: Deadline,
) -> None:
    for step in steps:
        write(step, rehearsal, desired.subject, plan_again, deadline)
