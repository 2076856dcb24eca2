# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a run, for machines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .document import Document

if TYPE_CHECKING:
    from ..model.steps.provider import ProviderStep
    from ..model.steps.step import Step


def step_documents(steps: Iterable[Step | ProviderStep]) -> list[Document]:
    return [
        {
            "verb": step.verb,
            "kind": step.target.kind,
            "name": step.target.name,
            "part": step.target.part,
            "sentence": step.sentence,
        }
        for step in steps
    ]
