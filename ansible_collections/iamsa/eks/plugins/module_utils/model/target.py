# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run is to lead to: what was asked, resolved once against what is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..identity.subject import Subject
from ..policy.reference import ResolvedPolicy
from ..trust.grant import Grant
from .desired import Binding, Desired, Overrides
from .role import Role


@dataclass(frozen=True)
class RoleChoice:
    """Which role is meant; `by_annotation` says that the ServiceAccount's annotation is what says so.

    `default` is the name of a role that nobody has named.
    """

    name: str
    default: str
    by_annotation: bool = False


@dataclass(frozen=True)
class Target:
    """Everything as it should be. `asked` is what it was resolved from, and says what the user has allowed.

    `role` is the role as CreateRole would make it; one that is there keeps its path, and of its boundary and
    settings what nothing is asked of. Its tags are those that it must have among others. `grant` is what its
    trust policy must say, `policies` are those that must be on it; `annotations` are what each ServiceAccount
    of `bindings` must have, whose tokens are for `audience`.
    """

    asked: Desired
    role: Role
    by_annotation: bool
    audience: str
    grant: Grant
    policies: tuple[ResolvedPolicy, ...] = ()
    annotations: Mapping[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> Subject:
        """The ServiceAccount that the role is named and tagged after."""
        return self.asked.subject

    @property
    def bindings(self) -> tuple[Binding, ...]:
        return self.asked.bindings

    @property
    def overrides(self) -> Overrides:
        return self.asked.overrides
