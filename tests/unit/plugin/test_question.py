"""The question before a delete: asked on a terminal, answered by a person, and never taken for a yes."""

from __future__ import annotations

import io
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import pytest
from kubectl_iamsa.terminal.console import Console
from kubectl_iamsa.terminal.question import asker

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline

CHILD = """
import sys
from kubectl_iamsa.terminal.console import Console
from kubectl_iamsa.terminal.question import asker
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError

ask = asker(Console(sys.stdout, sys.stderr), Deadline(30), "demo (context x)")
try:
    ask(["role app", "serviceaccount web/\\x1b[2Jmy-sa"])
    print("yes")
except IamsaError as error:
    print("error:", error)
except KeyboardInterrupt:
    print("interrupted")
"""
ASKED = [
    "The following will be deleted, in cluster demo (context x):",
    "  role app",
    r"  serviceaccount web/\x1b[2Jmy-sa",
]
REFUSED = "error: nothing was deleted: the answer was not yes; answer y, or use --yes"


class Terminal(NamedTuple):
    """A child that asks, and our end of its terminal."""

    child: subprocess.Popen[bytes]
    end: int

    def until(self, text: str) -> str:
        """All that is shown up to and with `text`."""
        shown = b""
        while text.encode() not in shown:
            chunk = os.read(self.end, 4096)
            assert chunk, shown
            shown += chunk
        return shown.decode()

    def type(self, keys: bytes) -> list[str]:
        """The lines that are shown from the question on until the child ends."""
        if keys:
            os.write(self.end, keys)
        shown = b""
        # Linux's word for the end of a terminal is an error.
        with suppress(OSError):
            while chunk := os.read(self.end, 4096):
                shown += chunk
        assert self.child.wait(10) == 0
        return shown.decode(errors="replace").replace("\r\n", "\n").splitlines()


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """Where the question has just been asked."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-c", CHILD]
    child = subprocess.Popen(
        words,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8:strict"},
    )
    os.close(theirs)
    try:
        yield Terminal(child, ours)
    finally:
        child.kill()
        child.wait()
        os.close(ours)


def test_what_would_be_done_is_said_before_the_question(terminal: Terminal) -> None:
    shown = terminal.until("Continue? [y/N] ")
    assert shown.replace("\r\n", "\n").splitlines() == [*ASKED, "Continue? [y/N] "]


@pytest.mark.parametrize("answer", [b"y\n", b"Y\n", b"yes\n", b" YES \n", b"y\x04\x04"])
def test_a_yes_goes_on(terminal: Terminal, answer: bytes) -> None:
    terminal.until("Continue? [y/N] ")
    assert terminal.type(answer)[1:] == ["yes"]


@pytest.mark.parametrize(
    "answer",
    [b"n\n", b"no\n", b"\n", b"yeah\n", b"y y\n", b"\xff\n", b"\xc3\n", b"\x04"],
    ids=["n", "no", "return", "yeah", "twice", "no-text", "half-a-letter", "end-of-input"],
)
def test_anything_else_deletes_nothing(terminal: Terminal, answer: bytes) -> None:
    terminal.until("Continue? [y/N] ")
    # The answer as the terminal echoes it, and what is said on a line of its own.
    assert terminal.type(answer)[1:] == [REFUSED]


def test_an_interrupt_is_one(terminal: Terminal) -> None:
    terminal.until("Continue? [y/N] ")
    # Python only notes a signal that comes right before it waits for a key; a person would press again.
    time.sleep(0.5)
    terminal.child.send_signal(signal.SIGINT)
    assert terminal.type(b"")[1:] == ["interrupted"]


class Screen(io.StringIO):
    """A terminal to write to."""

    def isatty(self) -> bool:
        return True


class Keyboard(Screen):
    """A terminal that somebody thinks at for a while."""

    def readline(self, *_: Any) -> str:
        thinking.passed += 100
        return "y\n"


class Thinking:
    """A clock that only moves while somebody thinks."""

    passed = 0.0

    def monotonic(self) -> float:
        return self.passed


thinking = Thinking()


def test_thinking_takes_none_of_the_runs_time(monkeypatch: pytest.MonkeyPatch) -> None:
    from kubectl_iamsa.terminal import question  # noqa: PLC0415

    from ansible_collections.iamsa.eks.plugins.module_utils import deadline as deadlines  # noqa: PLC0415

    monkeypatch.setattr(question, "time", thinking)
    monkeypatch.setattr(deadlines, "time", thinking)
    monkeypatch.setattr(sys, "stdin", Keyboard())
    deadline = Deadline(30)
    ask = asker(Console(io.StringIO(), Screen()), deadline, "demo")
    assert ask
    ask(["role/app deleted"])
    assert deadline.remaining == 30


@pytest.mark.parametrize(
    ("stdin", "stderr"),
    [
        (io.StringIO("n\n"), Screen()),
        (Screen(), io.StringIO()),
        (None, Screen()),
        (Screen(), None),
    ],
    ids=["answers-from-a-pipe", "question-into-a-file", "no-stdin", "no-stderr"],
)
def test_where_nobody_can_answer_nobody_is_asked(
    monkeypatch: pytest.MonkeyPatch, stdin: Any, stderr: Any
) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    assert asker(Console(io.StringIO(), stderr), Deadline(30), "demo") is None
