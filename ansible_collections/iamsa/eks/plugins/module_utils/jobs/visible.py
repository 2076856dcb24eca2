# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait until IAM shows what create or update has written, and check the ServiceAccount again."""

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
    """Wait until IAM shows the state `then`; return a notice for each part that it does not show in time.

    Raises:
        NotFound: the role with this `role_id` no longer exists.
        RemoteError: with code CONFLICT, if the ServiceAccount no longer names the role.
    """
    wait = partial(
        wait_until_visible, run.access.iam, seen.observed, then, steps, run.deadline, role_id=role_id
    )
    if any(step.target.kind == "serviceaccount" for step in steps):
        return wait()
    # An unwritten ServiceAccount may have lost the role: a concurrent delete begins with it.
    look = partial(_require_bound, run, seen, then)
    notices, _bound = side_by_side("checking the result", run.deadline, wait, look)
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
