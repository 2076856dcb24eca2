# SPDX-License-Identifier: GPL-3.0-or-later

"""The wait for what a create or an update has written, and a last look at the ServiceAccount."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import cast

from ..apply.wait_until_visible import wait_until_visible
from ..cluster.observation import Observation
from ..concurrency import side_by_side
from ..errors import CONFLICT, RemoteError
from ..identity.subject import service_account_ref
from ..model.observed import Observed
from ..model.steps.step import Step
from ..wording.text import RUN_AGAIN
from .run import Run


def wait_until_visible_and_bound(
    run: Run, seen: Observation, then: Observed, steps: Sequence[Step], *, role_id: str
) -> tuple[str, ...]:
    """What IAM does not show as in `then` for too long, in sentences.

    Raises:
        NotFound: the role with this `role_id` is gone.
        RemoteError: with the code CONFLICT where the ServiceAccount no longer names it.
    """
    wait = partial(
        wait_until_visible, run.access.iam, seen.observed, then, steps, run.deadline, role_id=role_id
    )
    if any(step.target.kind == "serviceaccount" for step in steps):
        return wait()
    # One that is not written may have lost the role meanwhile: a delete begins with it.
    look = partial(_require_bound, run, seen, then)
    notices, _bound = side_by_side("looking at the result", run.deadline, wait, look)
    return cast("tuple[str, ...]", notices)


def _require_bound(run: Run, seen: Observation, then: Observed) -> None:
    subject, arn = run.subject, then.role.arn if then.role else ""
    service_account = seen.kubernetes.read_service_account(subject)
    if (
        service_account is None
        or run.kind.bound_role(service_account, run.kind.observe(subject, run.access)) != arn
    ):
        raise RemoteError(
            f"serviceaccount {subject} lost its {run.kind.bond} for role {arn} while this command ran",
            code=CONFLICT,
            remedy=RUN_AGAIN,
            resource=service_account_ref(subject),
        )
