# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a policy that was found named is still there."""

from __future__ import annotations

from ..aws.iam.client import Iam
from ..errors import Denied
from ..model.role import Role
from ..plan.recorded_boundary import lost_boundary, replaced_boundary


def has_recorded_boundary(role: Role, iam: Iam) -> bool:
    """Whether a boundary that somebody took from the role can be put back; asked only where one is gone."""
    gone = lost_boundary(role) or replaced_boundary(role)
    return gone is None or policy_exists(gone, iam)


def policy_exists(arn: str, iam: Iam) -> bool:
    """Whether a managed policy exists; true too where that may not be read."""
    try:
        return iam.policies.read(arn) is not None
    except Denied:
        return True
