# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for the role's permissions boundary, and what a run says of one that it leaves."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.desired import NO_BOUNDARY, Desired
from ..model.role import Role
from ..model.steps import Phase, ResourceRef, Step
from .recorded_boundary import replaced_boundary, restored_boundary


def boundary_steps(desired: Desired, role: Role) -> Iterator[Step]:
    """Set the asked boundary; put a recorded one back if it went missing; else leave what is there."""
    target = ResourceRef("role", role.name, "boundary")
    if desired.role.permissions_boundary == NO_BOUNDARY:
        if role.permissions_boundary:
            sentence = f"{target} permissions boundary {role.permissions_boundary} removed"
            yield Step("remove", target, Phase.UNBOUNDING, role.permissions_boundary, None, sentence)
        return
    restored = restored_boundary(desired.role, role)
    wanted = desired.role.permissions_boundary or restored
    if wanted and wanted != role.permissions_boundary:
        sentence = f"{target} permissions boundary {wanted} {'restored' if restored else 'set'}"
        yield Step("set", target, Phase.BOUNDARY, role.permissions_boundary, wanted, sentence)


def boundary_left(desired: Desired, role: Role | None) -> tuple[str, ...]:
    """The notice about a boundary that somebody else put in the place of the recorded one."""
    if role is None or desired.role.permissions_boundary is not None:
        return ()
    recorded = replaced_boundary(role)
    if not recorded:
        return ()
    return (
        f"role {role.name} has the permissions boundary {role.permissions_boundary}, but iamsa set"
        f" {recorded}; the run leaves it; --permissions-boundary says which one the role should have",
    )
