# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a run in a document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from ..errors import ResourceRef
from ..wording.text import Sentence
from .document import Document


class AnyStep(Protocol):
    """A step of a ServiceAccount's run or of a provider's run."""

    @property
    def verb(self) -> str: ...

    @property
    def target(self) -> ResourceRef: ...

    @property
    def sentence(self) -> Sentence: ...


def step_documents(steps: Iterable[AnyStep]) -> list[Document]:
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
