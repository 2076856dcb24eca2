"""Signals while something is written: the step under way is finished, and what is done and left is said."""

from __future__ import annotations

import io
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from kubectl_iamsa.render.progress import Progress
from kubectl_iamsa.terminal.console import Console
from kubectl_iamsa.terminal.interrupts import Interrupted

from ansible_collections.iamsa.eks.plugins.module_utils.errors import (
    Refused,
    RemoteError,
    ResourceRef,
    TimedOut,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.base import Phase
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import BindingStep

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
STOPPING = "Stopping after the current step. Press Ctrl-C again to stop now."
AGAIN = "run the same command again to continue"


def step(sentence: str) -> BindingStep:
    return BindingStep(ResourceRef("role", "app"), Phase.TRUST, sentence)


FIRST, SECOND, THIRD = STEPS = (step("first"), step("second"), step("third"))


class Watched:
    """A progress and what it has said."""

    def __init__(self, output: str = "text", dry_run: str = "none", ask: Callable[..., None] | None = None):
        self.out, self.err = io.StringIO(), io.StringIO()
        console = Console(self.out, self.err)
        self.progress = Progress(console, output=output, dry_run=dry_run, diff=False, ask=ask)

    def begin(self) -> Progress:
        self.progress.planned(STEPS, {}, {})
        return self.progress

    @property
    def results(self) -> list[str]:
        return self.out.getvalue().splitlines()

    @property
    def notices(self) -> list[str]:
        return self.err.getvalue().splitlines()


@pytest.fixture(autouse=True)
def handlers() -> Iterator[list[object]]:
    """What happens on a signal while nothing is written; it must be so again in the end."""
    before = [signal.getsignal(number) for number in SIGNALS]
    yield before
    assert [signal.getsignal(number) for number in SIGNALS] == before


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_stops_the_run_after_the_step_under_way(number: signal.Signals) -> None:
    watched = Watched()

    def run() -> None:
        with watched.progress:
            watched.begin().done(FIRST)
            signal.raise_signal(number)
            assert watched.notices == [STOPPING]
            watched.progress.done(SECOND)

    with pytest.raises(Interrupted) as caught:
        run()
    assert caught.value.number == number
    assert watched.results == ["first", "second"]
    assert watched.notices == [STOPPING, "not done: third", AGAIN]


def test_a_second_signal_stops_within_the_step_and_its_end_is_not_known() -> None:
    watched = Watched()

    def run() -> None:
        with watched.progress:
            watched.begin().done(FIRST)
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(Interrupted) as caught:
        run()
    assert caught.value.number == signal.SIGTERM
    assert watched.notices == [STOPPING, "possibly done: second", "not done: third", AGAIN]


def test_a_signal_in_the_last_step_leaves_nothing_to_stop() -> None:
    watched = Watched()
    with watched.progress:
        watched.begin().done(FIRST)
        watched.progress.done(SECOND)
        signal.raise_signal(signal.SIGINT)
        watched.progress.done(THIRD)
    assert watched.results == ["first", "second", "third"]
    assert watched.notices == [STOPPING]


def test_before_anything_is_planned_a_signal_stops_at_once() -> None:
    watched = Watched()
    with pytest.raises(KeyboardInterrupt), watched.progress:
        signal.raise_signal(signal.SIGINT)
    assert watched.notices == []


def test_a_dry_run_has_nothing_to_finish(handlers: list[object]) -> None:
    watched = Watched(dry_run="client")
    with watched.progress:
        watched.begin()
        assert [signal.getsignal(number) for number in SIGNALS] == handlers
    assert watched.results == ["first (dry run)", "second (dry run)", "third (dry run)"]


def test_what_is_ignored_stays_ignored() -> None:
    """As nohup has it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        watched = Watched()
        with watched.progress:
            watched.begin()
            signal.raise_signal(signal.SIGHUP)
            watched.progress.done(FIRST)
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        assert watched.notices == []
    finally:
        signal.signal(signal.SIGHUP, before)


UNKNOWN, LEFT = "possibly done: second", "not done: second"


@pytest.mark.parametrize(
    ("error", "second"),
    [
        (Refused("no"), LEFT),
        (RemoteError("no", code="LimitExceeded"), LEFT),
        (RemoteError("no answer", uncertain=True), UNKNOWN),
        (TimedOut("timed out"), UNKNOWN),
        (KeyboardInterrupt(), UNKNOWN),
    ],
    ids=["refused", "failed", "no-answer", "timed-out", "interrupted"],
)
def test_an_error_leaves_the_rest_undone(error: BaseException, second: str) -> None:
    watched = Watched()
    with suppress(type(error)), watched.progress:
        watched.begin().done(FIRST)
        raise error
    assert watched.notices == [second, "not done: third", AGAIN]


def test_an_error_before_the_first_step_leaves_nothing_to_tell() -> None:
    watched = Watched()
    with suppress(Refused), watched.progress:
        watched.begin()
        raise Refused("no")
    assert (watched.results, watched.notices) == ([], [])


@pytest.mark.parametrize("output", ["name", "json", "yaml"])
def test_where_stdout_is_for_a_machine_what_is_done_is_told_when_it_fails(output: str) -> None:
    watched = Watched(output)
    with suppress(Refused), watched.progress:
        watched.begin().done(FIRST)
        raise Refused("no")
    assert watched.results == []
    assert watched.notices == ["done: first", LEFT, "not done: third", AGAIN]


def test_the_question_is_asked_once_with_all_steps_and_before_signals_wait(handlers: list[object]) -> None:
    asked: list[list[str]] = []

    def ask(sentences: list[str]) -> None:
        asked.append(sentences)
        assert [signal.getsignal(number) for number in SIGNALS] == handlers

    watched = Watched(ask=ask)
    with watched.progress:
        watched.begin().done(FIRST)
    assert asked == [["first", "second", "third"]]


def test_a_no_leaves_nothing_to_tell() -> None:
    def no(_: list[str]) -> None:
        raise Refused("nothing was deleted")

    watched = Watched(ask=no)
    with suppress(Refused), watched.progress:
        watched.begin()
        raise AssertionError("it went on")
    assert (watched.results, watched.notices) == ([], [])


@pytest.mark.parametrize("dry_run", ["client", "server"])
def test_a_dry_run_asks_nothing(dry_run: str) -> None:
    def ask(_: list[str]) -> None:
        raise AssertionError("it asked")

    watched = Watched(dry_run=dry_run, ask=ask)
    with watched.progress:
        watched.begin()
    assert len(watched.results) == 3
