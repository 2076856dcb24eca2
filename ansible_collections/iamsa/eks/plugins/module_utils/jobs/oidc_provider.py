# SPDX-License-Identifier: GPL-3.0-or-later

"""The job that creates, changes or deletes an OIDC provider: observe, plan, apply."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..apply.oidc_provider import ProviderWrites, wait_until_provider_visible
from ..apply.retry_on_conflict import retry_on_conflict
from ..concurrency import bounded
from ..model.provider import ProviderOutcome, ProviderSpec
from ..model.steps.provider import ProviderStep
from ..observe.oidc_provider import IamAccess, Issuer, read_provider, with_trusting_roles
from ..plan.provider import absence_steps, presence_steps
from ..plan.provider_forecast import forecast_provider


def ensure_provider(
    spec: ProviderSpec | None,
    issuer: Issuer,
    aws: IamAccess,
    told: Callable[[ProviderStep], None],
    *,
    force: bool = False,
    dry_run: bool = False,
) -> ProviderOutcome:
    """Make the provider of an issuer match `spec`, or delete it if `spec` is None.

    `told` receives each completed step. `force` deletes the provider without checking whether roles trust it.

    Raises:
        Refused: roles still trust the provider, or `spec` exceeds a limit of AWS.
        IamsaError: any other failure. Nothing was written unless `told` received a step.
    """
    done: list[ProviderStep] = []

    def run() -> ProviderOutcome:
        seen = read_provider(issuer, aws)
        if spec is None and not force:
            seen = with_trusting_roles(seen, aws)
        steps = absence_steps(seen, force=force) if spec is None else presence_steps(spec, seen)
        after = forecast_provider(seen.provider, seen.arn, steps)
        notices: tuple[str, ...] = ()
        if steps and not dry_run:
            writes = ProviderWrites(seen.arn, seen.provider, aws.iam, aws.deadline)
            for step in steps:
                bounded(f"writing {step.target}", partial(writes.write, step), aws.deadline)
                done.append(step)
                told(step)
            wait = partial(wait_until_provider_visible, aws.iam, seen.arn, seen.provider, after, aws.deadline)
            notices = bounded("checking the result", wait, aws.deadline)
        return ProviderOutcome(seen.issuer, seen.provider, after, steps, notices)

    return retry_on_conflict(run, aws.deadline, unless=done)
