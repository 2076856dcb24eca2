# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole job of the OIDC provider for itself: observe, plan, apply."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..apply.oidc_provider import ProviderWrites, wait_until_provider_shown
from ..apply.retry_on_conflict import attempted
from ..concurrency import bounded
from ..model.provider import ProviderFacts, ProviderOutcome, ProviderSpec
from ..model.steps.provider import ProviderStep
from ..observe.oidc_provider import AwsSide, Issuer, read_provider, with_trusting_roles
from ..plan.forecast import forecast_provider
from ..plan.provider import absence_steps, presence_steps


def ensure_provider(
    spec: ProviderSpec | None,
    issuer: Issuer,
    aws: AwsSide,
    told: Callable[[ProviderStep], None],
    *,
    force: bool = False,
    dry_run: bool = False,
) -> ProviderOutcome:
    """Have the provider of an issuer as `spec` says, or with None have it gone.

    `told` hears of each step that is done. `force` deletes the provider also where roles trust it, and then
    does not look for them.

    Raises:
        IamsaError: what is in the way. Nothing was written unless `told` heard of a step.
    """
    return attempted(lambda: _Ensuring(spec, issuer, aws, told, force, dry_run), aws.deadline)


class _Ensuring:
    def __init__(
        self,
        spec: ProviderSpec | None,
        issuer: Issuer,
        aws: AwsSide,
        told: Callable[[ProviderStep], None],
        force: bool,
        dry_run: bool,
    ) -> None:
        self._spec = spec
        self._aws = aws
        self._told = told
        self._force = force
        self._dry_run = dry_run
        self._seen = read_provider(issuer, aws)
        if spec is None and not force:
            self._seen = with_trusting_roles(self._seen, aws)
        self.has_written = False

    def to_the_end(self) -> ProviderOutcome:
        seen = self._seen
        steps = self._plan(seen)
        after = forecast_provider(seen.provider, seen.arn, steps)
        notices: tuple[str, ...] = ()
        if steps and not self._dry_run:
            self._apply(steps)
            notices = bounded(
                "looking at the result",
                lambda: wait_until_provider_shown(
                    self._aws.iam, seen.arn, seen.provider, after, self._aws.deadline
                ),
                self._aws.deadline,
            )
        return ProviderOutcome(seen.issuer, seen.provider, after, steps, notices)

    def _plan(self, seen: ProviderFacts) -> tuple[ProviderStep, ...]:
        if self._spec is None:
            return absence_steps(seen, force=self._force)
        return presence_steps(self._spec, seen)

    def _apply(self, steps: tuple[ProviderStep, ...]) -> None:
        aws = self._aws
        writes = ProviderWrites(self._seen.arn, self._seen.provider, aws.iam, aws.deadline)
        for step in steps:
            bounded(f"writing {step.target}", partial(writes.write, step), aws.deadline)
            self.has_written = True
            self._told(step)
