# SPDX-License-Identifier: GPL-3.0-or-later

"""A step done though somebody else may change the ServiceAccount: written, read again, planned again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from ..errors import CONFLICT, RemoteError
from ..identity.subject import Subject, service_account_ref
from ..model.observed import ServiceAccount
from ..model.steps.kubernetes import (
    SERVICE_ACCOUNT_STEPS,
    DeleteServiceAccount,
    PatchAnnotations,
    ServiceAccountStep,
)
from ..model.steps.step import Step
from ..wording.text import RUN_AGAIN
from .run import Run

ATTEMPTS = 3

# The steps of the run for a ServiceAccount that has become what it is.
PlanAgain = Callable[["ServiceAccount | None"], Iterable[Step]]


class Writer(Protocol):
    """An Applier, or a Rehearsal."""

    def apply(self, step: Step) -> bool:
        """Whether it is done: False where the ServiceAccount is no longer as it was planned for."""

    def read_again(self, subject: Subject) -> ServiceAccount | None:
        """The ServiceAccount as it is now."""


def write(run: Run, step: Step, writer: Writer, plan_again: PlanAgain) -> bool:
    """Whether it is done: False where the ServiceAccount is no longer one that this step is for.

    Raises Refused where what somebody else wrote meanwhile is not to be overwritten, and RemoteError where it
    keeps changing.
    """
    for attempt in range(ATTEMPTS):
        if writer.apply(step):
            return True
        account = writer.read_again(run.subject)
        fresh = [
            one
            for one in plan_again(account)
            if isinstance(one, SERVICE_ACCOUNT_STEPS) and _is_alike(one, step)
        ]
        if not fresh:
            return _has_effect(step, account)
        step = fresh[0]
        run.deadline.sleep(0.1 * 2**attempt, "writing the ServiceAccount")
    raise RemoteError(
        f"serviceaccount {run.subject} keeps being changed by somebody else",
        code=CONFLICT,
        remedy=RUN_AGAIN,
        resource=service_account_ref(run.subject),
    )


def _has_effect(step: Step, account: ServiceAccount | None) -> bool:
    """Whether what a step is to bring about is so, though it was not done."""
    if account is None or account.deleting:
        return True
    if isinstance(step, PatchAnnotations):
        return not any(value is None and key in account.annotations for key, value in step.changes.items())
    return not isinstance(step, DeleteServiceAccount)


def _is_alike(fresh: ServiceAccountStep, step: Step) -> bool:
    """Whether a step that was planned again takes the place of one that was planned before."""
    is_of_same_part = isinstance(fresh, PatchAnnotations) == isinstance(step, PatchAnnotations)
    return fresh.phase == step.phase and (is_of_same_part or isinstance(step, DeleteServiceAccount))
