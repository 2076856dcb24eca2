"""A way to break a working chain, and the check that must find it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from breakages.patient import Json, Patient


@dataclass(frozen=True)
class Breakage:
    """`break_it` breaks a working chain by real calls. `check` is the check that then fails or warns.

    `no_remedy` says why no command fixes it. `proven` is the exit code of verify after it is fixed.
    """

    name: str
    check: str
    break_it: Callable[[Patient], Any]
    warns: bool = False
    no_remedy: str = ""
    proven: int = 0

    def show(self, patient: Patient) -> None:
        """Break the chain, and assert that `check` alone fails (or warns), and that its remedy, run
        literally, leaves a chain without findings that verify proves."""
        assert patient.examine()["well"]
        self.break_it(patient)
        found = patient.examine_until(lambda found: self.check in self._named(found))
        assert self._named(found) == {self.check}, _told(found)
        remedies = dict.fromkeys(one["remedy"] for one in found["checks"] if one["check"] == self.check)
        if self.no_remedy:
            return
        assert all(remedies), _told(found)
        for remedy in remedies:
            patient.run(remedy)
        assert self._is_mended(patient), _told(patient.examine())
        assert patient.verify() == self.proven

    def _is_mended(self, patient: Patient) -> bool:
        found = patient.examine_until(lambda found: bool(found["well"]) and not self._named(found))
        return bool(found["well"]) and not self._named(found)

    def _named(self, found: Json) -> set[str]:
        verdicts = ("fail", "warn") if self.warns else ("fail",)
        return {one["check"] for one in found["checks"] if one["verdict"] in verdicts}


def _told(found: Json) -> str:
    return "\n".join(
        f"{one['verdict']} {one['check']}: {one['what']} | {one['remedy']}"
        for one in found["checks"]
        if one["verdict"] in ("fail", "warn")
    )


def table(breakages: Iterable[Breakage]) -> list[Any]:
    """The parameters of a pytest test."""
    return [pytest.param(one, id=one.name) for one in breakages]
