# SPDX-License-Identifier: GPL-3.0-or-later

"""All steps of create, update and delete: the core's, a closed union, and those of a kind of binding.

Add a new class to its union: mypy then reports every `match` that lacks a case for it.
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
    """A step of one kind of binding; `binding` names the kind, which applies and forecasts the step."""

    target: ResourceRef
    phase: Phase
    sentence: str
    binding: ClassVar[str]
    verb: ClassVar[Verb]


# Union[…], because ansible-test's pylint checks code outside annotations for Python 3.8.
Step = Union[  # noqa: UP007
    CreateNamespace, CreateProvider, AddAudience, RoleStep, ServiceAccountStep, BindingStep
]
