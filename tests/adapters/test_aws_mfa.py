# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Profiles that want an MFA code, under a real terminal and without one."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from adapters.mfa_account import CODE, DEVICE, SESSION_KEY, MfaAccount, mfa_account

from ansible_collections.iamsa.eks.plugins.module_utils.aws.mfa import device_of
from ansible_collections.iamsa.eks.plugins.module_utils.aws.open_session import open_session
from ansible_collections.iamsa.eks.plugins.module_utils.aws.options import AwsOptions
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Unlocated

WORDS = ("describe", "app", "--cluster-name", "demo", "--region", "eu-west-1")
ADMIN = ("--profile", "admin")
QUESTION = f"MFA code for {DEVICE} (AWS profile admin): "


class Terminal:
    """A command with a terminal of its own; its stdout is a pipe's, as in `… | less`."""

    def __init__(self, environ: dict[str, str], *words: str) -> None:
        self.ours, self.theirs = pty.openpty()
        self.before = termios.tcgetattr(self.theirs)

        def own() -> None:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [sys.executable, "-m", "kubectl_iamsa", *WORDS, *words],
            stdin=self.theirs,
            stdout=subprocess.PIPE,
            stderr=self.theirs,
            env={**environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            start_new_session=True,
            preexec_fn=own,  # noqa: PLW1509  (no other thread starts processes here)
        )
        self.shown = ""

    def until(self, text: str) -> None:
        while text not in self.shown:
            self.shown += os.read(self.ours, 1024).decode()

    def type(self, text: str) -> None:
        self.until(QUESTION)
        # The question stands there only once what is typed is not shown any more.
        assert not termios.tcgetattr(self.theirs)[3] & termios.ECHO
        os.write(self.ours, text.encode())

    def ended(self) -> int:
        """The exit code; the terminal is as it was."""
        code = self.process.wait(30)
        assert termios.tcgetattr(self.theirs) == self.before
        os.close(self.theirs)
        with suppress(OSError):
            while data := os.read(self.ours, 1024):
                self.shown += data.decode()
        return code


@pytest.fixture
def account(tmp_path: Path) -> Iterator[MfaAccount]:
    with mfa_account(tmp_path / "home") as found:
        environ = {name: os.environ[name] for name in ("PATH",)}
        found.environ.update(environ)
        yield found


@pytest.fixture
def terminal(account: MfaAccount) -> Iterator[Callable[..., Terminal]]:
    """`terminal("--timeout=3s")`: a describe under profile admin, on a terminal."""
    started: list[Terminal] = []

    def start(*words: str) -> Terminal:
        started.append(Terminal(account.environ, *ADMIN, *words))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()
        os.close(one.ours)


def test_the_code_is_asked_for_once_and_the_session_kept_for_the_next_run(
    account: MfaAccount, terminal: Callable[..., Terminal]
) -> None:
    first = terminal()
    first.type(f"{CODE}\n")
    assert first.ended() == 1
    assert "EKS cluster demo was not found" in first.shown
    assert CODE not in first.shown
    (asked,) = account.asked
    assert (asked["Action"], asked["SerialNumber"], asked["TokenCode"]) == ("AssumeRole", DEVICE, CODE)
    (kept,) = account.cache.iterdir()
    assert json.loads(kept.read_text())["Credentials"]["AccessKeyId"] == SESSION_KEY
    assert kept.stat().st_mode & 0o077 == 0
    without = run_without_terminal(account)
    assert without.returncode == 1
    assert "MFA" not in without.stderr
    assert len(account.asked) == 1
    assert account.signers == [SESSION_KEY] * 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("654321\n", "AWS rejected the MFA code"),
        ("\n", "nothing was entered"),
        ("\x04", "nothing was entered"),
        ("let me in\n", "something else was entered"),
    ],
    ids=["wrong", "empty", "end of input", "no code"],
)
def test_what_is_no_code_is_refused(
    account: MfaAccount, terminal: Callable[..., Terminal], typed: str, words: str
) -> None:
    run = terminal()
    run.type(typed)
    assert run.ended() == 1
    assert words in run.shown
    assert account.signers == []
    assert not account.cache.exists() or not [*account.cache.iterdir()]


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131), (signal.SIGINT, 130)],
)
def test_a_signal_leaves_the_terminal_as_it_was(
    terminal: Callable[..., Terminal], number: signal.Signals, code: int
) -> None:
    run = terminal()
    run.until(QUESTION)
    run.process.send_signal(number)
    assert run.ended() == code


def test_so_does_ctrl_c(terminal: Callable[..., Terminal]) -> None:
    run = terminal()
    run.type("\x03")
    assert run.ended() == 130


def test_nobody_who_answers_is_not_waited_for_beyond_the_limit(terminal: Callable[..., Terminal]) -> None:
    run = terminal("--timeout=1s")
    run.until(QUESTION)
    assert run.ended() == 1
    assert "no MFA code was entered within 1 s" in run.shown


def test_the_wait_for_an_answer_takes_none_of_the_run_s_time(
    account: MfaAccount, terminal: Callable[..., Terminal]
) -> None:
    run = terminal("--timeout=4s")
    run.until(QUESTION)
    time.sleep(3.5)
    run.type(f"{CODE}\n")
    assert run.ended() == 1
    assert "timed out" not in run.shown
    assert account.signers == [SESSION_KEY]


def run_without_terminal(account: MfaAccount, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kubectl_iamsa", *WORDS, *(words or ADMIN)],
        stdin=subprocess.DEVNULL,
        env={**account.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_without_a_terminal_the_way_is_named(account: MfaAccount) -> None:
    done = run_without_terminal(account)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"error: AWS profile admin requires an MFA code for {DEVICE}")
    assert "aws sts get-caller-identity --profile admin" in done.stderr
    assert account.asked == []


def test_keys_in_the_environment_win_over_aws_profile_and_need_no_code(account: MfaAccount) -> None:
    account.environ.update(AWS_ACCESS_KEY_ID="AKIDENV", AWS_SECRET_ACCESS_KEY="x", AWS_PROFILE="admin")
    run_without_terminal(account, "--request-timeout=5s")
    assert account.signers == ["AKIDENV"]


@pytest.fixture
def in_account(account: MfaAccount, monkeypatch: pytest.MonkeyPatch) -> MfaAccount:
    """The account, for this process."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in account.environ.items():
        monkeypatch.setenv(name, value)
    return account


@pytest.mark.parametrize("profile", ["admin", "through-admin"])
def test_botocore_asks_us(in_account: MfaAccount, profile: str) -> None:
    """It is told so by a hook that is private to it."""
    questions: list[str] = []

    def ask(question: str, seconds: float) -> str:
        questions.append(f"{question}{seconds:g}")
        return f" {CODE} "

    session = open_session("eu-west-1", profile, Deadline(7), options=AwsOptions(ask_code=ask))
    session.log_in()
    assert questions == [f"MFA code for {DEVICE} (AWS profile {profile}): 7"]
    assert in_account.asked[0]["TokenCode"] == CODE


def test_each_device_along_the_sources_is_asked_for_by_its_own_name(in_account: MfaAccount) -> None:
    other = f"{DEVICE}-too"
    with (in_account.home / ".aws/config").open("a") as config:
        config.write(f"[profile twice]\nrole_arn = {DEVICE}\nsource_profile = admin\nmfa_serial = {other}\n")
    questions: list[str] = []

    def ask(question: str, _seconds: float) -> str:
        questions.append(question)
        return CODE

    open_session("eu-west-1", "twice", Deadline(7), options=AwsOptions(ask_code=ask)).log_in()
    assert sorted(questions) == [f"MFA code for {device} (AWS profile twice): " for device in (DEVICE, other)]


def test_outside_of_log_in_nobody_is_asked(in_account: MfaAccount) -> None:
    """A thread that found the session ended cannot have the terminal."""
    session = open_session("eu-west-1", "admin", Deadline(7), options=AwsOptions(ask_code=lambda *_: CODE))
    with pytest.raises(Unlocated) as raised:
        session._botocore.get_credentials().get_frozen_credentials()
    assert raised.value.resource == "profile admin"
    assert in_account.asked == []


def test_a_session_that_cannot_be_kept_is_used_all_the_same(in_account: MfaAccount) -> None:
    (in_account.home / ".aws/cli").write_text("not a folder")
    session = open_session("eu-west-1", "admin", Deadline(7), options=AwsOptions(ask_code=lambda *_: CODE))
    session.log_in()
    assert len(in_account.asked) == 1


@pytest.mark.parametrize(
    ("profile", "device"),
    [("admin", DEVICE), ("through", DEVICE), ("plain", ""), ("round", ""), ("no-role", ""), ("absent", "")],
)
def test_the_device_is_found_along_the_sources(profile: str, device: str) -> None:
    profiles = {
        "admin": {"role_arn": "r", "mfa_serial": DEVICE, "source_profile": "plain"},
        "through": {"role_arn": "r", "source_profile": "admin"},
        "plain": {},
        "round": {"role_arn": "r", "source_profile": "round"},
        "no-role": {"mfa_serial": DEVICE},
    }
    assert device_of(profiles, profile) == device
