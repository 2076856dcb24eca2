# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run is to lead to: what was asked, resolved once against what is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..identity.arn import Arn
from ..identity.subject import Subject
from ..policy.reference import ResolvedPolicy
from ..trust.grant import Grant
from .desired import Desired, Overrides
from .role import Role


@dataclass(frozen=True)
class BindingTarget:
    """How the ServiceAccounts are to be bound to the role, as their kind of binding works it out.

    `grant` is what the role's trust policy must say. `annotations` are what each ServiceAccount must have,
    and `audience` is that of its tokens; "" where the kind needs none. `resists`: the ServiceAccount says
    something by now that is overwritten only by force if it is to have another role.
    """

    grant: Grant
    annotations: Mapping[str, str] = field(default_factory=dict)
    audience: str = ""
    resists: bool = False


@dataclass(frozen=True)
class Target:
    """Everything as it should be. `asked` is what it was resolved from, and says what the user has allowed.

    `role` is the role as CreateRole would make it; one that is there keeps its path, and of its boundary and
    settings what nothing is asked of. Its tags are those that it must have among others, and `policies` those
    that must be on it. `bound` is the role of this account that the ServiceAccount has to do with by now.
    """

    asked: Desired
    role: Role
    bound: Arn | None
    binding: BindingTarget
    policies: tuple[ResolvedPolicy, ...] = ()

    @property
    def grant(self) -> Grant:
        return self.binding.grant

    @property
    def is_bound(self) -> bool:
        """Whether the ServiceAccount is what says that it is this role."""
        return not self.asked.role.name and self.bound is not None and self.bound.name == self.role.name

    @property
    def subject(self) -> Subject:
        """The ServiceAccount that the role is named and tagged after."""
        return self.asked.subject

    @property
    def overrides(self) -> Overrides:
        return self.asked.overrides
