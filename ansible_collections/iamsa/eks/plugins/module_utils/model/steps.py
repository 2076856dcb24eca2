# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be done, as values, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Literal

from ..identity.subject import Subject

if TYPE_CHECKING:
    pass


class Phase(IntEnum):
    """The order of operations: nothing of a phase starts before the phases above it are done.

    Who is to be kept out is kept out before a policy is attached, and a boundary goes after the policies that
    go: a run that is broken off never leaves somebody with more than either end would give.
    """

    NAMESPACE = 1
    PROVIDER = 2
    RELEASE = 3
    ROLE = 4
    BOUNDARY = 5
    EXCLUSION = 6
    RECORD = 7
    INLINE = 8
    MANAGED = 9
    PURGE = 10
    TRUST = 11
    UNBOUNDING = 12
    TAGS = 13
    ROLE_END = 14
    SERVICE_ACCOUNT = 15


Verb = Literal["create", "add", "attach", "detach", "put", "delete", "set", "remove"]


Kind = Literal["namespace", "oidc-provider", "role", "serviceaccount"]


Part = Literal[
    "", "audience", "settings", "boundary", "inline policy", "policy", "trust policy", "tags", "annotations"
]


@dataclass(frozen=True)
class ResourceRef:
    """What a step changes: a resource, and which part of it where it is not the whole."""

    kind: Kind
    name: str
    part: Part = ""

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


@dataclass(frozen=True)
class AnnotationsWrite:
    """All annotations that we hold on a present ServiceAccount after the write, and its preconditions.

    A server-side apply takes back the keys that its manager leaves out, so `held` is always complete.
    """

    subject: Subject
    changed: Mapping[str, str]
    held: Mapping[str, str]
    resource_version: str
    force: bool


@dataclass(frozen=True)
class AnnotationsPatch:
    """Single annotations of a present ServiceAccount to set, or to remove where the value is None.

    An apply that leaves a key out does not remove it where a POST has set it: hence a merge patch.
    """

    subject: Subject
    changes: Mapping[str, str | None]
    resource_version: str


@dataclass(frozen=True)
class Step:
    """One write. `before` and `after` are what a diff shows; `after` is what the adapter writes."""

    verb: Verb
    target: ResourceRef
    phase: Phase
    before: Any
    after: Any
    sentence: str
