# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that write to the cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Union

from ...errors import ResourceRef
from ...identity.subject import Subject
from ..observed import held_by
from .base import Part, Phase, Verb


@dataclass(frozen=True)
class CreateNamespace:
    name: str
    phase: Phase = Phase.NAMESPACE
    verb: ClassVar[Verb] = "create"

    @property
    def target(self) -> ResourceRef:
        return ResourceRef("namespace", self.name)

    @property
    def sentence(self) -> str:
        return f"{self.target} created"


@dataclass(frozen=True)
class _OnServiceAccount:
    """A step that writes to a ServiceAccount."""

    subject: Subject
    part: ClassVar[Part] = ""

    @property
    def target(self) -> ResourceRef:
        return ResourceRef("serviceaccount", self.subject.name, self.subject.namespace, self.part)


@dataclass(frozen=True)
class CreateServiceAccount(_OnServiceAccount):
    annotations: Mapping[str, str]
    phase: Phase = Phase.SERVICE_ACCOUNT
    verb: ClassVar[Verb] = "create"

    @property
    def sentence(self) -> str:
        return f"{self.target} created"


@dataclass(frozen=True)
class AnnotateServiceAccount(_OnServiceAccount):
    """Set annotations by server-side apply.

    `held` are all annotations that our field manager owns after the write, because an apply removes those
    that it leaves out. `changed` are those among them that are new or have another value.
    """

    changed: Mapping[str, str]
    held: Mapping[str, str]
    resource_version: str
    force: bool
    phase: Phase = Phase.SERVICE_ACCOUNT
    verb: ClassVar[Verb] = "set"

    @property
    def sentence(self) -> str:
        return f"{self.target} annotated"


@dataclass(frozen=True)
class PatchAnnotations(_OnServiceAccount):
    """Set single annotations of an existing ServiceAccount, or remove those whose value is None.

    This is a merge patch, because an apply does not remove an annotation that a POST has set.
    """

    changes: Mapping[str, str | None]
    resource_version: str
    phase: Phase = Phase.SERVICE_ACCOUNT
    verb: ClassVar[Verb] = "set"
    part: ClassVar[Part] = "annotations"

    @property
    def sentence(self) -> str:
        removed = [key for key, value in self.changes.items() if value is None]
        return f"{self.target} annotation{'s' * (len(removed) > 1)} {', '.join(removed)} removed"


@dataclass(frozen=True)
class DeleteServiceAccount(_OnServiceAccount):
    """Delete the ServiceAccount with this UID; if it has `finalizers`, it is only marked for deletion."""

    uid: str
    resource_version: str
    finalizers: tuple[str, ...] = ()
    phase: Phase = Phase.SERVICE_ACCOUNT
    verb: ClassVar[Verb] = "delete"

    @property
    def sentence(self) -> str:
        if self.finalizers:
            return f"{self.target} marked for deletion, {held_by(self.finalizers)}"
        return f"{self.target} deleted"


# Union[…], because ansible-test's pylint checks code outside annotations for Python 3.8.
ServiceAccountStep = Union[  # noqa: UP007
    CreateServiceAccount, AnnotateServiceAccount, PatchAnnotations, DeleteServiceAccount
]


# For isinstance.
SERVICE_ACCOUNT_STEPS = (CreateServiceAccount, AnnotateServiceAccount, PatchAnnotations, DeleteServiceAccount)
