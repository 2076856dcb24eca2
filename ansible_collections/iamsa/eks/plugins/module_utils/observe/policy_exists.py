# SPDX-License-Identifier: GPL-3.0-or-later

"""Check whether a named policy still exists."""

from __future__ import annotations

from ..aws.iam.client import Iam
from ..errors import Denied
from ..model.role import Role
from ..plan.recorded_boundary import lost_boundary, replaced_boundary


def has_recorded_boundary(role: Role, iam: Iam) -> bool:
    """Return whether a removed or replaced boundary of the role can be restored; True if none is missing.

    Calls IAM only if a boundary is missing.
    """
    gone = lost_boundary(role) or replaced_boundary(role)
    return gone is None or policy_exists(gone, iam)


def policy_exists(arn: str, iam: Iam) -> bool:
    """Return whether a managed policy exists; if reading it is denied, assume that it does."""
    try:
        return iam.policies.read(arn) is not None
    except Denied:
        return True
