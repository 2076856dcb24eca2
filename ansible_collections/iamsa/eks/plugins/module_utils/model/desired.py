# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run is asked for. None means everywhere: not asked, leave what is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple

from ..identity.keys import DEFAULT_AUDIENCE, FIELD_MANAGER
from ..identity.subject import Subject
from ..policy.reference import AbsentReference, PolicyReference

RoleNameStyle = Literal["derived", "gen3"]
NO_BOUNDARY: Final = ""
# Of a binding, where nobody says which.
USUAL_KIND: Final = "irsa"


class Binding(NamedTuple):
    """One ServiceAccount that may assume the role, and by which kind of binding: a name in the registry."""

    subject: Subject
    kind: str = USUAL_KIND


@dataclass(frozen=True)
class NewRole:
    """What a role is to be if it has to be made and nothing else says so; one that is there keeps its own."""

    path: str | None = None
    permissions_boundary: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RoleSpec:
    """The role as the user asks for it. None means: not asked, leave what is there.

    `absent` are policies that are to be gone, `removed_tags` keys that are to be gone. NO_BOUNDARY as the
    permissions boundary: none.
    """

    name: str | None = None
    name_style: RoleNameStyle = "derived"
    path: str | None = None
    policies: tuple[PolicyReference, ...] = ()
    permissions_boundary: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    description: str | None = None
    max_session_duration: int | None = None
    audience: str | None = None
    absent: tuple[AbsentReference, ...] = ()
    removed_tags: tuple[str, ...] = ()
    if_new: NewRole = field(default_factory=NewRole)

    @property
    def as_new(self) -> RoleSpec:
        """The role as it is asked for, where it has to be made."""
        return replace(
            self,
            path=self.path or self.if_new.path,
            permissions_boundary=self.if_new.permissions_boundary
            if self.permissions_boundary is None
            else self.permissions_boundary,
            tags={**self.if_new.tags, **self.tags},
        )


@dataclass(frozen=True)
class ServiceAccountSpec:
    """The ServiceAccount's other annotations (expiration in seconds), and the name we write them under.

    None means: not asked, leave what is there.
    """

    sts_regional_endpoints: bool | None = None
    token_expiration: int | None = None
    field_manager: str = FIELD_MANAGER


@dataclass(frozen=True)
class Overrides:
    """What the user has expressly allowed.

    With `assume_namespace` a missing namespace is taken to be made by somebody else before the real run.
    """

    adopt: bool = False
    replace_trust: bool = False
    rebind: bool = False
    force_conflicts: bool = False
    purge: bool = False
    create_oidc_provider: bool = False
    create_namespace: bool = False
    assume_namespace: bool = False


@dataclass(frozen=True)
class Desired:
    """All that one run is asked for. Without `create_role`, a role that has to be there already."""

    role: RoleSpec
    bindings: tuple[Binding, ...]
    service_account: ServiceAccountSpec = ServiceAccountSpec()
    overrides: Overrides = Overrides()
    create_role: bool = True

    @property
    def subject(self) -> Subject:
        """The ServiceAccount that the role is named and tagged after: the first."""
        return self.bindings[0].subject

    @property
    def kind(self) -> str:
        """The kind of binding."""
        return self.bindings[0].kind

    @property
    def audience(self) -> str:
        """Of the pods' tokens: the one that is asked for, else the usual one."""
        return DEFAULT_AUDIENCE if self.role.audience is None else self.role.audience


@dataclass(frozen=True)
class DeleteOverrides:
    """What a delete takes away only if the user has expressly allowed it."""

    adopted_role: bool = False
    role_of_earlier_cluster: bool = False
    policies_of_others: bool = False
    annotations_of_others: bool = False


@dataclass(frozen=True)
class DeleteRequest:
    """What one run is asked to take away; `desired` says which ServiceAccount and which role are meant."""

    desired: Desired
    keep_role: bool = False
    keep_service_account: bool = False
    overrides: DeleteOverrides = DeleteOverrides()
