# SPDX-License-Identifier: GPL-3.0-or-later

"""All that create, update and delete write: the core's steps, a closed union, and those of a binding kind.

A new class joins its union; mypy then names every `match` that has to learn it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Union

from ...errors import ResourceRef
from .base import Phase, Verb
from .kubernetes import CreateNamespace, ServiceAccountStep
from .provider import AddAudience, CreateProvider
from .role import RoleStep


@dataclass(frozen=True)
class BindingStep:
    """A write of one kind of binding; `binding` names the kind, which does it and knows what comes of it."""

    target: ResourceRef
    phase: Phase
    sentence: str
    binding: ClassVar[str]
    verb: ClassVar[Verb]


# Union[…], because ansible-test's pylint takes what is outside of annotations for Python 3.8.
Step = Union[  # noqa: UP007
    CreateNamespace, CreateProvider, AddAudience, RoleStep, ServiceAccountStep, BindingStep
]
