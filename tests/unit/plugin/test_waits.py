"""While a run waits, a terminal shows what for."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from kubectl_iamsa.render import waits
from kubectl_iamsa.render.waits import PATIENCE, waits_shown
from kubectl_iamsa.terminal.console import Console
from unit.fakes.world import Clock, clock

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline

ROLE, POLICY = "waiting until IAM shows role app", "waiting for IAM to show the policies"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _fast(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waits, "time", SimpleNamespace(monotonic=clock.monotonic))


@pytest.fixture
def screen() -> Screen:
    return Screen()


def shown(screen: Screen) -> list[str]:
    """The status lines that were written, without those that clear it."""
    return [line for line in screen.getvalue().replace("\x1b[K", "").split("\r") if line]


def wait(screen: io.StringIO, *pauses: tuple[str, float], terminal: str = "xterm") -> None:
    deadline = Deadline(60)
    with waits_shown(Console(io.StringIO(), screen), {"TERM": terminal}, deadline):
        for doing, seconds in pauses:
            deadline.sleep(seconds, doing)


def test_a_wait_is_shown_within_a_second(screen: Screen) -> None:
    wait(screen, (ROLE, 0.2), (ROLE, 0.4))
    assert shown(screen) == [f"{ROLE}..."]


def test_a_short_pause_is_not_shown(screen: Screen) -> None:
    wait(screen, (ROLE, PATIENCE / 2))
    assert screen.getvalue() == ""


def test_the_line_is_cleared_at_the_end(screen: Screen) -> None:
    wait(screen, (ROLE, 1))
    assert screen.getvalue().endswith("\r\x1b[K")


def test_of_two_waits_the_one_that_began_first_is_shown(screen: Screen) -> None:
    wait(screen, (ROLE, 1), (POLICY, 0.3), (ROLE, 1), (POLICY, 0.3))
    assert shown(screen) == [f"{ROLE}..."]


def test_the_next_wait_takes_its_place(screen: Screen) -> None:
    wait(screen, (ROLE, 1), (POLICY, 0.6), (POLICY, 0.6))
    assert shown(screen) == [f"{ROLE}...", f"{POLICY}..."]


def test_a_result_overwrites_the_line(screen: Screen) -> None:
    out = io.StringIO()
    console, deadline = Console(out, screen), Deadline(60)
    with waits_shown(console, {"TERM": "xterm"}, deadline):
        deadline.sleep(1, ROLE)
        console.result("role/app created")
        assert screen.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize("terminal", ["xterm", "dumb"])
def test_nothing_is_shown_without_a_terminal_that_can_overwrite(terminal: str) -> None:
    elsewhere = io.StringIO() if terminal == "xterm" else Screen()
    wait(elsewhere, (ROLE, 5), terminal=terminal)
    assert elsewhere.getvalue() == ""


__all__ = ["clock"]
