# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the annotations: `rules` plans them, `unbind` plans their removal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .kind import Irsa

# Planning code is imported when it is called: an update without a change to the ServiceAccount needs little.
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ...model.desired import DeleteRequest, Desired
    from ...model.observed import ClusterFacts, Observed
    from ...model.pods import Pod
    from ...model.steps.step import BindingStep, Step
    from ...model.target import BindingTarget, Target
    from ..binding import Sides


class IrsaWriter(Irsa):
    """Has no steps of its own, because the core writes ServiceAccounts."""

    def resolve(
        self, desired: Desired, cluster: ClusterFacts, observed: Observed, role_arn: str
    ) -> BindingTarget:
        from . import rules  # noqa: PLC0415

        subjects = tuple(binding.subject for binding in desired.bindings)
        usual = self.grant(cluster.cluster, cluster.home, subjects, desired.audience)
        return rules.resolve(desired, usual, observed, role_arn)

    def required(self, target: Target, cluster: ClusterFacts) -> Iterator[Step]:
        from . import rules  # noqa: PLC0415

        return rules.provider_steps(target, cluster)

    def bind(self, target: Target, cluster: ClusterFacts, observed: Observed) -> Iterator[Step]:
        from . import rules  # noqa: PLC0415

        return rules.bind(target, cluster, observed)

    def release(self, request: DeleteRequest, cluster: ClusterFacts, observed: Observed) -> Iterator[Step]:
        from . import unbind  # noqa: PLC0415

        return unbind.release_steps(request, cluster, observed)

    def end(self, request: DeleteRequest, cluster: ClusterFacts, observed: Observed) -> Iterator[Step]:
        from . import unbind  # noqa: PLC0415

        return unbind.end_steps(request, cluster, observed)

    def stale_pods(self, steps: Iterable[Step]) -> Callable[[Pod], bool] | None:
        from . import rules  # noqa: PLC0415

        return rules.stale_pods(steps)

    def forecast(self, step: BindingStep, _observed: Observed) -> Observed:
        raise _unknown(step)

    def apply(self, step: BindingStep, _sides: Sides) -> None:
        raise _unknown(step)


def _unknown(step: BindingStep) -> AssertionError:
    return AssertionError(f"{step} is not a step of this kind")


IRSA_WRITER = IrsaWriter()
