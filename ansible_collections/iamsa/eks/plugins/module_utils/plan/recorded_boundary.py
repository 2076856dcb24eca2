# SPDX-License-Identifier: GPL-3.0-or-later

"""The permissions boundary that is recorded in a role's tag, compared with the one that the role has."""

from __future__ import annotations

from ..identity.keys import TAG_BOUNDARY, boundary_of_tag
from ..model.role import Role


def recorded_boundary(role: Role) -> str | None:
    """The ARN of the boundary that iamsa set on the role; None if it set none."""
    value = role.tags.get(TAG_BOUNDARY)
    return boundary_of_tag(value) if value else None


def lost_boundary(role: Role) -> str | None:
    """The recorded boundary, if the role no longer has one."""
    return None if role.permissions_boundary else recorded_boundary(role)


def replaced_boundary(role: Role) -> str | None:
    """The recorded boundary, if the role has a different one now."""
    recorded = recorded_boundary(role)
    return recorded if role.permissions_boundary not in (None, recorded) else None
