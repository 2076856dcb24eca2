# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a refusal shows what it refuses: shortly, and on one line."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InvalidFile

_LONGEST = 80


def excerpt(value: str, longest: int = _LONGEST) -> str:
    """`value`, cut where it is too long to be read in a sentence."""
    return value if len(value) <= longest else f"{value[:longest]}…"


@dataclass(frozen=True)
class Place:
    """A place in a policy file, to name in a refusal."""

    source: str
    where: str = ""

    def at(self, where: str) -> Place:
        return Place(self.source, where)

    def refusal(self, problem: str, remedy: str) -> InvalidFile:
        """The error to raise for a `problem` at this place: one sentence."""
        of = f"{self.where} of " if self.where else ""
        return InvalidFile(f"{of}policy file {self.source!r} {problem}", remedy=remedy, resource=self.source)
