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
from ..errors import IamsaError
from ..kube.api.client import KubernetesCluster
from ..model.steps.step import Step
from .run import Run
from .write import PlanAgain, write


def rehearse(
    run: Run, kubernetes: KubernetesCluster, steps: Iterable[Step], plan_again: PlanAgain
) -> tuple[str, ...]:
    """Try them without storing anything; what cannot be tried yet is said in what is returned.

    Raises:
        IamsaError: RBAC, an admission webhook, a terminating namespace or a conflict would stop a write.
    """
    rehearsal = Rehearsal(kubernetes, run.desired.service_account.field_manager)
    bounded("rehearsing", partial(_try, run, rehearsal, steps, plan_again), run.deadline)
    return tuple(rehearsal.notices)


class EarlyRehearsal:
    """Of `steps`; what comes of it counts for the very same steps alone, whether it goes well or not."""

    def __init__(
        self, run: Run, kubernetes: KubernetesCluster, steps: Sequence[Step], plan_again: PlanAgain
    ) -> None:
        self._steps = steps
        self._error: IamsaError | None = None
        rehearsal = Rehearsal(kubernetes, run.desired.service_account.field_manager)
        self._try = partial(_try, run, rehearsal, steps, plan_again)

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


def _try(run: Run, rehearsal: Rehearsal, steps: Iterable[Step], plan_again: PlanAgain) -> None:
    for step in steps:
        write(run, step, rehearsal, plan_again)
