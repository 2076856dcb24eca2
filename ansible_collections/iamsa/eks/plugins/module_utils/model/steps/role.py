# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that write to a role and its policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Union

from ...errors import ResourceRef
from ...policy.attached_by_us import inline_digest, managed_digest
from ...policy.equality import Document
from ..role import Role
from .base import Part, Phase, Verb


@dataclass(frozen=True)
class CreateRole:
    role: Role
    phase: Phase = Phase.ROLE
    verb: ClassVar[Verb] = "create"

    @property
    def target(self) -> ResourceRef:
        return ResourceRef("role", self.role.name)

    @property
    def sentence(self) -> str:
        return f"{self.target} created"


@dataclass(frozen=True)
class DeleteRole:
    """Delete `role`, but not a role of the same name that was created after `role` was read."""

    role: Role
    phase: Phase = Phase.ROLE_END
    verb: ClassVar[Verb] = "delete"

    @property
    def target(self) -> ResourceRef:
        return ResourceRef("role", self.role.name)

    @property
    def sentence(self) -> str:
        return f"{self.target} deleted"


@dataclass(frozen=True)
class _OnRole:
    """A step that writes to a part of a role."""

    role_name: str
    part: ClassVar[Part] = ""

    @property
    def target(self) -> ResourceRef:
        return ResourceRef("role", self.role_name, part=self.part)


@dataclass(frozen=True)
class SetRoleSettings(_OnRole):
    """Set both settings, as UpdateRole requires; `changed` names those that differ. Duration in seconds."""

    description: str | None
    max_session_duration: int
    changed: tuple[str, ...]
    phase: Phase = Phase.TAGS
    verb: ClassVar[Verb] = "set"
    part: ClassVar[Part] = "settings"

    @property
    def sentence(self) -> str:
        return f"{self.target} {' and '.join(self.changed)} set"


@dataclass(frozen=True)
class SetBoundary(_OnRole):
    """Set the boundary, an ARN; `restored`: iamsa had set it before and something removed it."""

    boundary: str
    restored: bool = False
    phase: Phase = Phase.BOUNDARY
    verb: ClassVar[Verb] = "set"
    part: ClassVar[Part] = "boundary"

    @property
    def sentence(self) -> str:
        done = "restored" if self.restored else "set"
        return f"{self.target} permissions boundary {self.boundary} {done}"


@dataclass(frozen=True)
class RemoveBoundary(_OnRole):
    boundary: str
    phase: Phase = Phase.UNBOUNDING
    verb: ClassVar[Verb] = "remove"
    part: ClassVar[Part] = "boundary"

    @property
    def sentence(self) -> str:
        return f"{self.target} permissions boundary {self.boundary} removed"


@dataclass(frozen=True)
class PutInlinePolicy(_OnRole):
    """Put an inline policy; `replaced` is its current document, None if it does not exist.

    `words` names the policy's file or document in a sentence.
    """

    name: str
    document: Document
    replaced: Document | None = None
    words: str = field(default="the policy document", compare=False)
    phase: Phase = Phase.INLINE
    verb: ClassVar[Verb] = "put"
    part: ClassVar[Part] = "inline policy"

    @property
    def digest(self) -> str:
        """The policy's digest in the role's record."""
        return inline_digest(self.name)

    @property
    def sentence(self) -> str:
        done = "added" if self.replaced is None else "updated"
        return f"{self.target} inline policy {self.name} {done}"


@dataclass(frozen=True)
class DeleteInlinePolicy(_OnRole):
    name: str
    phase: Phase = Phase.PURGE
    verb: ClassVar[Verb] = "delete"
    part: ClassVar[Part] = "inline policy"

    @property
    def digest(self) -> str:
        return inline_digest(self.name)

    @property
    def sentence(self) -> str:
        return f"{self.target} inline policy {self.name} deleted"


@dataclass(frozen=True)
class AttachPolicy(_OnRole):
    arn: str
    name: str
    phase: Phase = Phase.MANAGED
    verb: ClassVar[Verb] = "attach"
    part: ClassVar[Part] = "policy"

    @property
    def digest(self) -> str:
        return managed_digest(self.arn)

    @property
    def sentence(self) -> str:
        return f"{self.target} policy {self.name} attached"


@dataclass(frozen=True)
class DetachPolicy(_OnRole):
    arn: str
    name: str
    phase: Phase = Phase.PURGE
    verb: ClassVar[Verb] = "detach"
    part: ClassVar[Part] = "policy"

    @property
    def digest(self) -> str:
        return managed_digest(self.arn)

    @property
    def sentence(self) -> str:
        return f"{self.target} policy {self.name} detached"


@dataclass(frozen=True)
class SetTrust(_OnRole):
    """Replace the trust policy `before`, unless it has changed since it was read.

    `done` describes the change to its statements, such as "repaired".
    """

    before: Document
    after: Document
    done: str
    phase: Phase = Phase.TRUST
    verb: ClassVar[Verb] = "set"
    part: ClassVar[Part] = "trust policy"

    @property
    def sentence(self) -> str:
        return f"{self.target} trust policy {self.done}"


@dataclass(frozen=True)
class TagRole(_OnRole):
    tags: Mapping[str, str]
    phase: Phase = Phase.TAGS
    verb: ClassVar[Verb] = "set"
    part: ClassVar[Part] = "tags"

    @property
    def sentence(self) -> str:
        return f"{self.target} tagged with {', '.join(self.tags)}"


@dataclass(frozen=True)
class UntagRole(_OnRole):
    """Remove `tags`, which have the values that were read."""

    tags: Mapping[str, str]
    phase: Phase = Phase.TAGS
    verb: ClassVar[Verb] = "remove"
    part: ClassVar[Part] = "tags"

    @property
    def sentence(self) -> str:
        return f"{self.target} tags {', '.join(self.tags)} removed"


# Union[…], because ansible-test's pylint checks code outside annotations for Python 3.8.
RoleStep = Union[  # noqa: UP007
    CreateRole,
    DeleteRole,
    SetRoleSettings,
    SetBoundary,
    RemoveBoundary,
    PutInlinePolicy,
    DeleteInlinePolicy,
    AttachPolicy,
    DetachPolicy,
    SetTrust,
    TagRole,
    UntagRole,
]

# For isinstance.
ROLE_STEPS = (
    CreateRole,
    DeleteRole,
    SetRoleSettings,
    SetBoundary,
    RemoveBoundary,
    PutInlinePolicy,
    DeleteInlinePolicy,
    AttachPolicy,
    DetachPolicy,
    SetTrust,
    TagRole,
    UntagRole,
)
REMOVALS = (DeleteRole, RemoveBoundary, DeleteInlinePolicy, DetachPolicy, UntagRole)
POLICY_ADDITIONS = (AttachPolicy, PutInlinePolicy)
POLICY_REMOVALS = (DetachPolicy, DeleteInlinePolicy)
