# SPDX-License-Identifier: GPL-3.0-or-later

"""Places in manifests, as messages name them: `prod.yaml:12: spec.role.path`."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import InvalidFile, excerpt, quoted
from ..wording.text import Sentence

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_/-]{1,60}")


class Place(NamedTuple):
    """A field of a manifest. `path` is "" for the whole document, `line` is 0 if it is not known."""

    source: str
    line: int
    path: str = ""

    def field(self, key: str, line: int) -> Place:
        """The field `key` of a mapping at this place."""
        dotted = f"{self.path}.{key}" if self.path else key
        path = dotted if _PLAIN_KEY.fullmatch(key) else f"{self.path}[{quoted(excerpt(key))}]"
        return Place(self.source, line, path)

    def element(self, number: int, line: int) -> Place:
        """An element of a list at this place, from 0."""
        return Place(self.source, line, f"{self.path}[{number}]")

    def __str__(self) -> str:
        return f"{self.source}:{self.line}" if self.line else self.source

    def fault(self, problem: Sentence, remedy: Sentence = "") -> Fault:
        """A fault at this place."""
        return Fault(self, problem, remedy)


class Fault(InvalidFile):
    """What is wrong at a place; `problem` is `prod.yaml:12: spec.role.path: must begin with /`."""

    def __init__(self, place: Place, problem: Sentence, remedy: Sentence = "") -> None:
        before = f"{place}: " + (f"{place.path}: " if place.path else "")
        super().__init__(before + problem, remedy=remedy, resource=str(place))
        self.place = place
