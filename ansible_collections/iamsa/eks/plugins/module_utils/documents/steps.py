# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a run, for machines."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.steps.provider import ProviderStep
from ..model.steps.step import Step
from .document import Document


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
