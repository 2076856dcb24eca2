# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan the steps that can be rehearsed concurrently with the reads of the role.

A missing ServiceAccount usually has no role yet, so its steps are known before AWS answers. If the role
exists after all, the rehearsal is repeated later.
"""

from __future__ import annotations

from ..cluster.observation import FirstReads
from ..errors import IamsaError
from ..model.steps.step import Step
from ..plan.create import binding_steps
from ..plan.resolve import resolve, without_role
from .run import Run


def early_steps(run: Run, first: FirstReads) -> tuple[Step, ...]:
    """Return the steps for a missing ServiceAccount, on the assumption that its role is missing too."""
    is_missing = first.described and first.knows_service_account and first.service_account is None
    # Not in a batch, nor if the namespace may have to be created first.
    if run.dry_run == "client" or not is_missing or run.desired.overrides.create_namespace:
        return ()
    role = without_role(run.desired, first.cluster)
    target = resolve(run.desired, first.cluster, role, run.kinds)
    try:
        return tuple(binding_steps(target, first.cluster, role, None, run.kind))
    except IamsaError:
        # The plan of the run raises the error again.
        return ()
