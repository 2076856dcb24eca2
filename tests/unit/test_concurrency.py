"""Work side by side: in order, bounded, and quick to say what failed."""

from __future__ import annotations

import threading
import time

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.concurrency import (
    Answers,
    bounded,
    few_at_a_time,
    side_by_side,
)
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import RemoteError, TimedOut


def hang() -> None:
    threading.Event().wait(30)


def fail() -> None:
    raise RemoteError("no")


def test_results_come_in_the_order_of_the_works() -> None:
    def late() -> str:
        time.sleep(0.05)
        return "late"

    assert side_by_side("reading", Deadline(5), late, lambda: "early") == ("late", "early")


def test_works_run_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=5)
    assert len(side_by_side("reading", Deadline(5), both.wait, both.wait)) == 2


def test_a_failure_is_not_kept_waiting_by_what_hangs() -> None:
    with pytest.raises(RemoteError, match="no"):
        side_by_side("reading", Deadline(10), hang, fail)


def test_of_two_failures_the_first_in_order_is_the_reason() -> None:
    def fail_late() -> None:
        time.sleep(0.1)
        raise RemoteError("the reason")

    with pytest.raises(RemoteError, match="the reason"):
        side_by_side("reading", Deadline(5), fail_late, fail)


def test_what_hangs_ends_at_the_deadline() -> None:
    started = time.monotonic()
    with pytest.raises(TimedOut, match=r"timed out after 0\.2 s reading"):
        bounded("reading", hang, Deadline(0.2))
    assert time.monotonic() - started < 5


def test_what_is_waited_for_inside_is_what_is_named() -> None:
    deadline = Deadline(0.2)

    def read() -> None:
        bounded("reading the pipe", hang, deadline, last_words=0)

    with pytest.raises(TimedOut, match=r"timed out after .* s reading the pipe"):
        bounded("reading", lambda: bounded("reading more", read, deadline), deadline)


def test_nothing_to_do_is_done() -> None:
    assert side_by_side("reading", Deadline(5)) == ()


class TestFewAtATime:
    def test_results_come_in_the_order_of_the_works(self) -> None:
        works = [lambda number=number: number for number in range(20)]
        assert few_at_a_time("reading", Deadline(5), works, limit=3) == tuple(range(20))

    def test_no_more_than_the_limit_run_at_once(self) -> None:
        running, most = [], []

        def work() -> None:
            running.append(1)
            most.append(len(running))
            time.sleep(0.01)
            running.pop()

        few_at_a_time("reading", Deadline(5), [work] * 12, limit=3)
        assert max(most) == 3

    def test_after_a_failure_none_is_begun(self) -> None:
        begun = []
        works = [fail, *(lambda number=number: begun.append(number) for number in range(20))]
        with pytest.raises(RemoteError, match="no"):
            few_at_a_time("reading", Deadline(5), works, limit=1)
        assert begun == []

    def test_nothing_to_do_is_done(self) -> None:
        assert few_at_a_time("reading", Deadline(5), [], limit=3) == ()


def test_what_many_ask_at_once_is_found_out_once() -> None:
    answers, finds = Answers(), []

    def find() -> str:
        finds.append(1)
        time.sleep(0.05)
        return "yes"

    def ask() -> str:
        return answers.of("is it so", find)

    assert side_by_side("asking", Deadline(5), *[ask] * 8) == ("yes",) * 8
    assert len(finds) == 1


def test_questions_do_not_wait_for_one_another() -> None:
    answers, both = Answers(), threading.Barrier(2, timeout=5)
    works = [lambda name=name: answers.of(name, both.wait) for name in ("one", "other")]
    assert len(side_by_side("asking", Deadline(5), *works)) == 2


def test_an_answer_that_does_not_last_is_asked_for_again() -> None:
    answers, states = Answers(), iter(["missing", "active", "gone"])

    def ask() -> str:
        return answers.of("state", lambda: next(states, ""), lasts=lambda state: state == "active")

    assert [ask(), ask(), ask()] == ["missing", "active", "active"]


def test_a_failure_is_no_answer() -> None:
    answers = Answers()
    with pytest.raises(RemoteError):
        answers.of("is it so", fail)
    assert answers.of("is it so", lambda: "yes") == "yes"


class TestWhatATimeoutSays:
    """Which call has no answer, and of which side."""

    def test_is_what_the_threads_wait_for(self) -> None:
        deadline = Deadline(0.2)

        def call(what: str) -> None:
            deadline.calling(what)
            hang()

        with pytest.raises(TimedOut) as caught:
            side_by_side(
                "reading the role", deadline, lambda: call("iam has not answered"), hang, last_words=0
            )
        assert str(caught.value.problem) == "timed out after 0.2 s reading the role: iam has not answered"

    def test_is_nothing_of_a_call_that_was_answered(self) -> None:
        deadline = Deadline(0.2)

        def call() -> None:
            deadline.calling("iam has not answered")
            deadline.answered()
            hang()

        with pytest.raises(TimedOut, match=r"timed out after 0\.2 s reading$|reading; run"):
            side_by_side("reading", deadline, call, last_words=0)

    def test_is_nothing_of_a_thread_that_has_ended(self) -> None:
        deadline = Deadline(0.2)
        side_by_side("reading", deadline, lambda: deadline.calling("iam has not answered"))
        with pytest.raises(TimedOut) as caught:
            bounded("reading", hang, deadline, last_words=0)
        assert "iam" not in str(caught.value)
