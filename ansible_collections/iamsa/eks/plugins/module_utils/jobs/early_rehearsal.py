# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be rehearsed beside the reads of the role.

A ServiceAccount that is missing has, as a rule, no role yet: what is to be written is then known, and whether
Kubernetes takes it need not wait for AWS. Where it turns out otherwise, the rehearsal is made in its turn.
"""

from __future__ import annotations

from ..cluster.observation import FirstReads
from ..errors import IamsaError
from ..model.steps.step import Step
from ..plan.create import binding_steps
from ..plan.resolve import resolve, without_role
from .run import Run


def early_steps(run: Run, first: FirstReads) -> tuple[Step, ...]:
    """Those for a missing ServiceAccount whose role is missing too, if that may be the case at hand."""
    is_missing = first.described and first.knows_service_account and first.service_account is None
    # Not where the namespace may have to be made first, nor beside many others.
    if run.dry_run == "client" or not is_missing or run.desired.overrides.create_namespace:
        return ()
    role = without_role(run.desired, first.cluster)
    target = resolve(run.desired, first.cluster, role, run.kinds)
    try:
        return tuple(binding_steps(target, first.cluster, role, None, run.kind))
    except IamsaError:
        # Planning in its turn says why.
        return ()
