# SPDX-License-Identifier: GPL-3.0-or-later

"""What a job needs that meets a ServiceAccount which somebody else has changed since it was read.

The job reads it again, plans again and writes again: see `_write` in reconcile.py and in delete.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from ..deadline import Deadline
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

ATTEMPTS = 3


class Writer(Protocol):
    """An Applier, or a Rehearsal."""

    def apply(self, step: Step) -> bool:
        """Whether it is done: False where the ServiceAccount is no longer as it was planned for."""

    def read_again(self, subject: Subject) -> ServiceAccount | None:
        """The ServiceAccount as it is now."""


def attempts(subject: Subject, deadline: Deadline) -> Iterator[int]:
    """The numbers of the attempts at one write, with a pause before each further one.

    Raises:
        RemoteError: none is left, since the ServiceAccount keeps changing.
    """
    for attempt in range(ATTEMPTS):
        if attempt:
            deadline.sleep(0.1 * 2 ** (attempt - 1), "writing the ServiceAccount")
        yield attempt
    raise RemoteError(
        f"serviceaccount {subject} keeps being changed by somebody else",
        code=CONFLICT,
        remedy=RUN_AGAIN,
        resource=service_account_ref(subject),
    )


def in_place_of(step: Step, steps: Iterable[Step]) -> ServiceAccountStep | None:
    """The one of `steps`, which were planned again, that is for what `step` was for.

    All are planned, since a later one may be refused: then this one is not to be written either.
    """
    alike = [one for one in steps if isinstance(one, SERVICE_ACCOUNT_STEPS) and _is_alike(one, step)]
    return alike[0] if alike else None


def has_effect(step: Step, service_account: ServiceAccount | None) -> bool:
    """Whether what a step is to bring about is so, though it was not done."""
    if service_account is None or service_account.deleting:
        return True
    if isinstance(step, PatchAnnotations):
        return not any(
            value is None and key in service_account.annotations for key, value in step.changes.items()
        )
    return not isinstance(step, DeleteServiceAccount)


def _is_alike(fresh: ServiceAccountStep, step: Step) -> bool:
    is_of_same_part = isinstance(fresh, PatchAnnotations) == isinstance(step, PatchAnnotations)
    return fresh.phase == step.phase and (is_of_same_part or isinstance(step, DeleteServiceAccount))
