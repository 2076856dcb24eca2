# SPDX-License-Identifier: GPL-3.0-or-later

"""The protocol that a kind of binding implements for binding and unbinding.

It is separate from the protocol for reading because Ansible sends everything that a task imports, and a task
that only reads needs no steps.
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
    """One kind of binding, with its writes."""

    def resolve(
        self, desired: Desired, cluster: ClusterFacts, observed: Observed, role_arn: str
    ) -> BindingTarget:
        """The desired binding to the role with this ARN."""

    # Planning.

    def required(self, target: Target, cluster: ClusterFacts) -> Iterator[Step]:
        """Steps for what the cluster or the account needs before this binding is possible."""

    def bind(self, target: Target, cluster: ClusterFacts, observed: Observed) -> Iterator[Step]:
        """Steps from the observed state to the target: first the ServiceAccount if it is missing."""

    def release(self, request: DeleteRequest, cluster: ClusterFacts, observed: Observed) -> Iterator[Step]:
        """Steps after which new pods no longer get the role, before the role is deleted."""

    def end(self, request: DeleteRequest, cluster: ClusterFacts, observed: Observed) -> Iterator[Step]:
        """Steps that delete the ServiceAccount, or remove what is left of iamsa's on it."""

    def stale_pods(self, steps: Iterable[Step]) -> Callable[[Pod], bool] | None:
        """Selects the running pods that still have the earlier binding after `steps`; None if none can."""

    def forecast(self, step: BindingStep, observed: Observed) -> Observed:
        """The state after one of the kind's own steps."""

    # Applying.

    def apply(self, step: BindingStep, sides: Sides) -> None:
        """Apply one of the kind's own steps.

        Raises:
            IamsaError: the step was not done.
        """


Writers = Mapping[str, BindingWriter]
