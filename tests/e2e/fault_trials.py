"""What a command that meets a fault must do: succeed, or say what is wrong; and a re-run converges."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from e2e.faults import DENIALS, FAULTS, Call, Fault, calls_in
from e2e.shop import Json, Shop
from e2e.trials import Files, Scenario, prepared, state
from e2e.warm import Warm
from pocket_eks.control import Control

Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Trials:
    """Tries a scenario again and again, each time in a namespace of its own.

    Commands run in the warm process; with `really` the one that meets the fault runs under kubectl.
    """

    scenario: Scenario
    new_shop: Callable[[], Shop]
    control: Control
    files: Files
    warm: Warm
    really: bool = False

    def undisturbed(self) -> tuple[Any, list[Call]]:
        """What the command leaves behind where nothing goes wrong, and its calls."""
        shop = self._prepared()
        self.control.clear_calls()
        shop.iamsa(*self.scenario.words(shop, self.files))
        return state(shop), list(calls_in(self.control.calls()))

    def check(self, name: str, calls: Iterable[Call], wanted: Any) -> int:
        """Let each call meet the fault; how many there were. All that went wrong is told at the end."""
        wrong, count = [], 0
        for call in calls:
            count += 1
            try:
                self._converges(FAULTS[name], call, name, wanted)
            except AssertionError as error:
                wrong.append(f"{name} at {call}: {error}")
        assert not wrong, "\n\n".join(wrong)
        return count

    def _converges(self, fault: Fault, call: Call, name: str, wanted: Any) -> None:
        shop = self._prepared()
        argv = [*self.scenario.words(shop, self.files), "--timeout=60s", *fault.flags]
        self.control.fault(call.upstream, call.action, fault.effect, times=fault.times, skip=call.skip)
        done = self._meets(shop, argv)
        self.control.clear_faults()
        check_what_is_said(done, fault, call, name)

        again = [*argv, *self.scenario.again]
        if done.returncode or fault.lies:
            shop.iamsa(*again)
        assert state(shop) == wanted, done.stderr
        self.control.clear_calls()
        shop.iamsa(*again)
        assert writes(self.control.calls()) == []

    def _prepared(self) -> Shop:
        shop = self.new_shop()
        warm_shop = replace(shop, iamsa=lambda *words, code=0, **_: self._run(shop, words, code))
        prepared(self.scenario, warm_shop, self.files)
        return warm_shop

    def _run(self, shop: Shop, words: Iterable[str], code: int) -> Done:
        done = self.warm.run(list(words), shop.world.environ)
        assert done.returncode == code, f"{done.stdout}{done.stderr}"
        return done

    def _meets(self, shop: Shop, argv: list[str]) -> Done:
        environ = shop.world.environ
        if not self.really:
            return self.warm.run(argv, environ)
        return subprocess.run(
            ["kubectl", "iamsa", *argv], env=environ, capture_output=True, text=True, timeout=90, check=False
        )


def check_what_is_said(done: Done, fault: Fault, call: Call, name: str, *, failed: int = 1) -> None:
    """An exit code of 0 or `failed`, and then one sentence that says all that one needs to know."""
    said = done.stderr
    assert "Traceback" not in said, said
    assert done.returncode in (0, failed), said
    is_write = call.kind == "write"
    if done.returncode == 0:
        assert not (is_write and name in DENIALS), f"it went on without\n{said}"
        return
    assert call.kind not in fault.survived, said
    *notices, error = said.splitlines()
    assert error.startswith("error: "), said
    assert not any(line.startswith("error: ") for line in notices), said
    if name in DENIALS:
        assert call.denied in error, said
        assert call.document in error, said
    if is_write:
        assert any(line.startswith("possibly done: ") for line in notices) == fault.unknown, said


def writes(calls: list[Json]) -> list[str]:
    return [call["action"] for call in calls if call["write"]]
