# SPDX-License-Identifier: GPL-3.0-or-later

"""The user's request as values. None always means: not requested, keep the current value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple

from ..identity.keys import DEFAULT_AUDIENCE, FIELD_MANAGER
from ..identity.subject import Subject
from ..policy.reference import AbsentReference, PolicyReference

RoleNameStyle = Literal["derived", "gen3"]
NO_BOUNDARY: Final = ""
# The kind of a binding for which none is requested.
USUAL_KIND: Final = "irsa"


class Binding(NamedTuple):
    """A ServiceAccount to bind to the role; `kind` is the name of a kind in bindings/registry.py."""

    subject: Subject
    kind: str = USUAL_KIND


@dataclass(frozen=True)
class NewRole:
    """Defaults for a role that is created; an existing role keeps its own values."""

    path: str | None = None
    permissions_boundary: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RoleSpec:
    """The requested role. None means: not requested, keep the current value.

    `absent` are policies to remove, `removed_tags` keys of tags to remove. `purge_tags` removes all tags that
    are not requested, except those that only AWS and iamsa set. NO_BOUNDARY as
    `permissions_boundary` removes the boundary. `max_session_duration` is in seconds.
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
    purge_tags: bool = False
    if_new: NewRole = field(default_factory=NewRole)

    @property
    def as_new(self) -> RoleSpec:
        """The spec for a role that is created: the request, completed with the defaults in `if_new`."""
        return replace(
            self,
            path=self.path or self.if_new.path,
            permissions_boundary=self.if_new.permissions_boundary
            if self.permissions_boundary is None
            else self.permissions_boundary,
            tags={**self._default_tags(), **self.tags},
        )

    def _default_tags(self) -> dict[str, str]:
        """The default tags whose keys are not requested: keys of role tags are not case-sensitive."""
        requested = {key.casefold() for key in self.tags}
        return {key: value for key, value in self.if_new.tags.items() if key.casefold() not in requested}


@dataclass(frozen=True)
class ServiceAccountSpec:
    """The ServiceAccount's other annotations, and the field manager that iamsa writes them as.

    None means: not requested, keep the current value. `token_expiration` is in seconds.
    """

    sts_regional_endpoints: bool | None = None
    token_expiration: int | None = None
    field_manager: str = FIELD_MANAGER


@dataclass(frozen=True)
class Overrides:
    """What the user has explicitly allowed.

    `assume_namespace`: plan as if a missing namespace existed, because something else creates it before the
    real run.
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
    """The whole request of one run. If `create_role` is False, the role must already exist."""

    role: RoleSpec
    bindings: tuple[Binding, ...]
    service_account: ServiceAccountSpec = ServiceAccountSpec()
    overrides: Overrides = Overrides()
    create_role: bool = True

    @property
    def subject(self) -> Subject:
        """The ServiceAccount in the role's name and tags: the first one."""
        return self.bindings[0].subject

    @property
    def kind(self) -> str:
        """The kind of binding."""
        return self.bindings[0].kind

    @property
    def audience(self) -> str:
        """The audience of the pods' tokens: the requested one, or the default."""
        return DEFAULT_AUDIENCE if self.role.audience is None else self.role.audience


@dataclass(frozen=True)
class DeleteOverrides:
    """What a delete removes only if the user has explicitly allowed it."""

    adopted_role: bool = False
    role_of_earlier_cluster: bool = False
    policies_of_others: bool = False
    annotations_of_others: bool = False


@dataclass(frozen=True)
class DeleteRequest:
    """The request of a delete; `desired` identifies the ServiceAccount and the role."""

    desired: Desired
    keep_role: bool = False
    keep_service_account: bool = False
    overrides: DeleteOverrides = DeleteOverrides()
