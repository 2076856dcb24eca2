# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for the role's permissions boundary, and the notice about a boundary that iamsa did not set."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.role import Role
from ..model.steps.role import RemoveBoundary, SetBoundary
from ..model.target import Target
from ..wording.text import Option, Sentence
from .recorded_boundary import replaced_boundary


def boundary_steps(target: Target, role: Role) -> Iterator[SetBoundary | RemoveBoundary]:
    """Set the requested boundary, or restore a recorded one that is missing; otherwise no step."""
    there, wanted = role.permissions_boundary, target.role.permissions_boundary
    if wanted == there:
        return
    if wanted:
        yield SetBoundary(role.name, wanted, restored=not target.asked.role.permissions_boundary)
    elif there:
        yield RemoveBoundary(role.name, there)


def boundary_left(target: Target, role: Role | None) -> tuple[Sentence, ...]:
    """The notice if the role has another boundary than the recorded one."""
    if role is None or target.asked.role.permissions_boundary is not None:
        return ()
    recorded = replaced_boundary(role)
    if not recorded:
        return ()
    return (
        f"role {role.name} has the permissions boundary {role.permissions_boundary}, but iamsa had set"
        f" {recorded}; the current boundary is kept; use "
        + Option("permissions_boundary")
        + " to choose one",
    )
