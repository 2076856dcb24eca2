# SPDX-License-Identifier: GPL-3.0-or-later

"""A ServiceAccount by namespace and name, and the subject of its tokens."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import ResourceRef


@dataclass(frozen=True)
class Subject:
    """A ServiceAccount by namespace and name."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"

    @property
    def claim(self) -> str:
        """The `sub` claim of its tokens."""
        return f"system:serviceaccount:{self.namespace}:{self.name}"


def service_account_ref(subject: Subject) -> ResourceRef:
    """The ServiceAccount as errors and steps name it."""
    return ResourceRef("serviceaccount", subject.name, subject.namespace)
