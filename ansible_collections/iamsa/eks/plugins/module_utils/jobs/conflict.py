# SPDX-License-Identifier: GPL-3.0-or-later

"""Helpers for a ServiceAccount that was changed concurrently, after the job has read it.

The job reads, plans and writes it again: see `_write` in reconcile.py and in delete.py.
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
    """Writes steps: an Applier or a Rehearsal."""

    def apply(self, step: Step) -> bool:
        """Write the step; False if the ServiceAccount has changed since it was planned."""

    def read_again(self, subject: Subject) -> ServiceAccount | None:
        """Read the ServiceAccount again; None if it does not exist."""


def attempts(subject: Subject, deadline: Deadline) -> Iterator[int]:
    """Yield the numbers of the attempts at one write, with a pause before each further attempt.

    Raises:
        RemoteError: with code CONFLICT, after the last attempt.
    """
    for attempt in range(ATTEMPTS):
        if attempt:
            deadline.sleep(0.1 * 2 ** (attempt - 1), "writing the ServiceAccount")
        yield attempt
    raise RemoteError(
        f"serviceaccount {subject} was changed concurrently {ATTEMPTS} times in a row",
        code=CONFLICT,
        remedy=RUN_AGAIN,
        resource=service_account_ref(subject),
    )


def in_place_of(step: Step, steps: Iterable[Step]) -> ServiceAccountStep | None:
    """Return the one of `steps`, which were planned again, that replaces `step`; None if there is none.

    All steps are planned again, because this one must not be written if planning a later one is refused.
    """
    alike = [one for one in steps if isinstance(one, SERVICE_ACCOUNT_STEPS) and _is_alike(one, step)]
    return alike[0] if alike else None


def has_effect(step: Step, service_account: ServiceAccount | None) -> bool:
    """Return whether the ServiceAccount already has the state that a step was to produce."""
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
