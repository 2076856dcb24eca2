# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that write to an IAM OIDC provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Union

from ...errors import ResourceRef
from ...identity.cluster import host_and_path
from .base import Part, Phase, Verb


@dataclass(frozen=True)
class _OnProvider:
    """A step that writes to the OIDC provider of an issuer."""

    issuer: str
    part: ClassVar[Part] = ""

    @property
    def target(self) -> ResourceRef:
        return ResourceRef("oidc-provider", host_and_path(self.issuer), part=self.part)


@dataclass(frozen=True)
class CreateProvider(_OnProvider):
    audiences: tuple[str, ...]
    tags: Mapping[str, str] = field(default_factory=dict)
    phase: Phase = Phase.PROVIDER
    verb: ClassVar[Verb] = "create"

    @property
    def sentence(self) -> str:
        return f"{self.target} created for audience {', '.join(self.audiences)}"


@dataclass(frozen=True)
class DeleteProvider(_OnProvider):
    phase: Phase = Phase.PROVIDER
    verb: ClassVar[Verb] = "delete"

    @property
    def sentence(self) -> str:
        return f"{self.target} deleted"


@dataclass(frozen=True)
class AddAudience(_OnProvider):
    audience: str
    phase: Phase = Phase.PROVIDER
    verb: ClassVar[Verb] = "add"
    part: ClassVar[Part] = "audience"

    @property
    def sentence(self) -> str:
        return f"{self.target} audience {self.audience} added"


@dataclass(frozen=True)
class RemoveAudience(_OnProvider):
    audience: str
    phase: Phase = Phase.PROVIDER
    verb: ClassVar[Verb] = "remove"
    part: ClassVar[Part] = "audience"

    @property
    def sentence(self) -> str:
        return f"{self.target} audience {self.audience} removed"


@dataclass(frozen=True)
class TagProvider(_OnProvider):
    tags: Mapping[str, str]
    phase: Phase = Phase.PROVIDER
    verb: ClassVar[Verb] = "set"
    part: ClassVar[Part] = "tags"

    @property
    def sentence(self) -> str:
        return f"{self.target} tagged with {', '.join(self.tags)}"


@dataclass(frozen=True)
class UntagProvider(_OnProvider):
    keys: tuple[str, ...]
    phase: Phase = Phase.PROVIDER
    verb: ClassVar[Verb] = "remove"
    part: ClassVar[Part] = "tags"

    @property
    def sentence(self) -> str:
        return f"{self.target} tags {', '.join(self.keys)} removed"


# Union[…], because ansible-test's pylint checks code outside annotations for Python 3.8.
ProviderStep = Union[  # noqa: UP007
    CreateProvider, DeleteProvider, AddAudience, RemoveAudience, TagProvider, UntagProvider
]
