"""What is printed reaches whoever reads it, whatever the stream: closed, broken, full, or not UTF-8."""

from __future__ import annotations

import argparse
import errno
import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from kubectl_iamsa import cli
from kubectl_iamsa.terminal.console import Console, printable

from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Either

HELP = [sys.executable, "-m", "kubectl_iamsa", "create", "--help"]
WRONG = [sys.executable, "-m", "kubectl_iamsa", "create", "--é"]


def test_a_reader_that_has_gone_is_no_reason_to_complain() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(HELP, stdout=writing, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_closed_stdout_is_none() -> None:
    done = subprocess.run(["/bin/sh", "-c", '"$@" >&-', "sh", *HELP], stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_closed_stderr_leaves_the_exit_code() -> None:
    done = subprocess.run(["/bin/sh", "-c", '"$@" 2>&-', "sh", *WRONG], stdout=subprocess.PIPE, check=False)
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_disk_is_told() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(HELP, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        "error: the output could not be written: No space left on device; run the same command again\n"
    )


ANSWERS = (("diff", 3), ("doctor", 3), ("verify", 3), ("create", 1), ("list", 1), ("describe", 1))


class Unwritable(io.StringIO):
    """A stream that fails with `error`."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self._error = error

    def write(self, _: str) -> int:
        raise self._error


@pytest.mark.parametrize(("verb", "failed"), ANSWERS)
@pytest.mark.parametrize("answer", [0, 1])
def test_output_that_cannot_be_written_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, verb: str, failed: int, answer: int
) -> None:
    assert ended(monkeypatch, verb, answer, OSError(errno.ENOSPC, "No space left on device")) == failed


@pytest.mark.parametrize(("verb", "failed"), ANSWERS)
def test_a_reader_that_has_gone_makes_no_yes_to_a_no(
    monkeypatch: pytest.MonkeyPatch, verb: str, failed: int
) -> None:
    assert ended(monkeypatch, verb, 0, BrokenPipeError()) == failed


@pytest.mark.parametrize("verb", ["diff", "doctor", "verify"])
def test_a_no_stays_one_when_its_reader_has_gone(monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    assert ended(monkeypatch, verb, 1, BrokenPipeError()) == 1


def ended(monkeypatch: pytest.MonkeyPatch, verb: str, answer: int, error: OSError) -> int:
    """The exit code of a run that prints its answer to a stream that fails."""

    def answered(_args: argparse.Namespace, console: Console, _environ: Mapping[str, str]) -> int:
        console.result("the answer")
        return answer

    monkeypatch.setattr(cli, "job_of", lambda _verb: answered)
    words = {"diff": ["x", "-p", "y"], "create": ["x", "-p", "y"], "list": []}.get(verb, ["x"])
    return cli.run([verb, *words], {}, Unwritable(error), io.StringIO())


@pytest.mark.parametrize("more", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}])
@pytest.mark.parametrize(("command", "code"), [(HELP, 0), (WRONG, 2)])
def test_a_stream_that_is_not_utf_8(more: dict[str, str], command: list[str], code: int) -> None:
    done = subprocess.run(command, env={**os.environ, **more}, capture_output=True, check=False)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert bool(done.stderr) == bool(code)


def test_work_goes_on_when_its_output_is_lost() -> None:
    class Broken(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    console = Console(Broken(), None)
    console.result("one")
    console.result("two")
    assert isinstance(console.lost, BrokenPipeError)


@pytest.mark.parametrize("output", ["text", "name", "json", "yaml"])
def test_an_error_leaves_stdout_empty(create: Callable[..., Any], output: str) -> None:
    done = create("-o", output)
    assert (done.code, done.out) == (1, "")
    assert done.error.startswith("no kubeconfig found: /dev/null is missing or empty; ")


def test_what_steers_a_terminal_is_escaped() -> None:
    assert printable("a\x1b[31m\u202e\r\n\tb") == "a\\x1b[31m\\u202e\\r\n\tb"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "shown"),
    [
        pytest.param(io.StringIO, "error: a\\nb; c\\nd\n", id="file"),
        pytest.param(Terminal, "error: a\\nb\nhint: c\\nd\n", id="terminal"),
    ],
)
def test_an_error_and_its_hint_are_lines_of_their_own_only_on_a_terminal(
    stream: type[io.StringIO], shown: str
) -> None:
    stderr = stream()
    Console(None, stderr).error("a\nb", "c\nd")
    assert stderr.getvalue() == shown


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_an_error_without_a_hint_is_one_line(stream: type[io.StringIO]) -> None:
    stderr = stream()
    Console(None, stderr).error("a", Either())
    assert stderr.getvalue() == "error: a\n"


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("creat",), id="usage"),
        pytest.param(("create", "App", "-p", "x"), id="value"),
        pytest.param(("create", "app", "-p", "x"), id="failure"),
    ],
)
def test_whatever_goes_wrong_has_a_hint(words: tuple[str, ...]) -> None:
    stderr = Terminal()
    cli.run(words, {"KUBECONFIG": "/dev/null"}, io.StringIO(), stderr)
    assert [line.partition(": ")[0] for line in stderr.getvalue().splitlines()] == ["error", "hint"]
