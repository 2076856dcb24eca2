# SPDX-License-Identifier: GPL-3.0-or-later

"""What a kind of binding has to answer to whoever binds and releases.

Apart from what it answers to a reader: Ansible sends all that is imported with a task, and a task that only
reads has no use for steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from .binding import BindingKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..model.desired import DeleteRequest, Desired
    from ..model.observed import ClusterFacts, Observed
    from ..model.pods import Pod
    from ..model.steps.step import BindingStep, Step
    from ..model.target import BindingTarget, Target
    from .binding import Sides


class BindingWriter(BindingKind, Protocol):
    """One kind, which also writes."""

    def resolve(
        self, desired: Desired, cluster: ClusterFacts, observed: Observed, role_arn: str
    ) -> BindingTarget:
        """The binding to the role with this ARN as it should be."""

    # Which steps bind, which release, what is forecast.

    def required(self, target: Target, cluster: ClusterFacts) -> Iterator[Step]:
        """What the cluster or the account must have before there can be such a binding."""

    def bind(self, target: Target, cluster: ClusterFacts, observed: Observed) -> Iterator[Step]:
        """From what was observed to the target: the ServiceAccount if it is missing, and the binding last."""

    def release(self, request: DeleteRequest, cluster: ClusterFacts, observed: Observed) -> Iterator[Step]:
        """Takes the role from new pods, before the role itself goes."""

    def end(self, request: DeleteRequest, cluster: ClusterFacts, observed: Observed) -> Iterator[Step]:
        """Takes away the ServiceAccount, or what is left on it of iamsa's."""

    def stale_pods(self, steps: Iterable[Step]) -> Callable[[Pod], bool] | None:
        """Which running pods are left with an earlier binding by these steps; None where none is."""

    def forecast(self, step: BindingStep, observed: Observed) -> Observed:
        """What is there after a step of its own."""

    # How is a step applied.

    def apply(self, step: BindingStep, sides: Sides) -> None:
        """Raises IamsaError where a step of its own was not done."""


Writers = Mapping[str, BindingWriter]
