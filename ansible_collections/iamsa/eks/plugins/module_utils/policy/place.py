# SPDX-License-Identifier: GPL-3.0-or-later

"""A place in a policy document, as a refusal names it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..errors import InvalidFile

POLICY_FILE, POLICY_DOCUMENT = "policy file", "policy document"


@dataclass(frozen=True)
class Place:
    """A place in a policy document, to name in a refusal; `noun` is what `source` names."""

    source: str
    where: str = ""
    noun: str = POLICY_FILE

    def at(self, where: str) -> Place:
        return replace(self, where=where)

    def refusal(self, problem: str, remedy: str) -> InvalidFile:
        """The error to raise for a `problem` at this place: one sentence."""
        of = f"{self.where} of " if self.where else ""
        problem = f"{of}{self.noun} {self.source!r} {problem}"
        return InvalidFile(problem, remedy=remedy, resource=self.source)
