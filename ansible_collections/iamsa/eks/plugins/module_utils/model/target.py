# SPDX-License-Identifier: GPL-3.0-or-later

"""The target of a run: the request, resolved against the current state."""

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
    """The desired binding of the ServiceAccounts to the role, as their kind resolves it.

    `grant` is the trust that the role's trust policy must contain. `annotations` are those that each
    ServiceAccount must have. `audience` is the audience of the pods' tokens, "" if the kind needs none.
    `resists`: the ServiceAccount has annotations that only `force_conflicts` overwrites.
    """

    grant: Grant
    annotations: Mapping[str, str] = field(default_factory=dict)
    audience: str = ""
    resists: bool = False


@dataclass(frozen=True)
class Target:
    """The desired state. `asked` is the request that it was resolved from.

    `role` is the role as CreateRole would create it. An existing role keeps its path, and its boundary and
    settings unless others are requested; it may have further tags and policies. `policies` are those that it
    must have. `bound` is the role of this account to which the ServiceAccount is bound now, or None.
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
        """Whether the role was chosen because the ServiceAccount is bound to it."""
        return not self.asked.role.name and self.bound is not None and self.bound.name == self.role.name

    @property
    def subject(self) -> Subject:
        """The ServiceAccount in the role's name and tags."""
        return self.asked.subject

    @property
    def overrides(self) -> Overrides:
        return self.asked.overrides
