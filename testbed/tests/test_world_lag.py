"""A world with a lag, as a user calls it: what it shows, what it costs, and that nothing is left of it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pocket_eks import leash
from worlds import PATIENT, assert_gone, processes, run, started

AGES = """
import json, os, time
import boto3
from pocket_eks.control import Control

iam = boto3.client("iam")
trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
         "Principal": {"AWS": os.environ["WORLD_ACCOUNT"]}}]}

def roles():
    return [one["RoleName"] for one in iam.list_roles()["Roles"]]

providers = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
iam.create_role(RoleName="shop", AssumeRolePolicyDocument=json.dumps(trust))
at_once = roles()
time.sleep(2.1)
print(json.dumps([len(providers), at_once, roles()]))
"""
WAITING = 'echo "$KUBECONFIG"; while :; do sleep 0.05; done'


def emulators(directory: Path) -> list[str]:
    """The command lines of the world's emulators."""
    return [
        line for line in processes(directory) if "pocket_eks.moto_server" in line and "leash.py" not in line
    ]


def test_a_world_with_a_lag_shows_a_role_only_when_it_is_old_enough() -> None:
    done = run("--lag", "2", "--", sys.executable, "-c", AGES)
    assert (done.returncode, done.stdout) == (0, '[1, [], ["shop"]]\n'), done.stderr


def test_a_world_without_a_lag_has_one_emulator() -> None:
    with started(WAITING) as (_, directory):
        assert len(emulators(directory)) == 1


def test_nothing_is_left_of_a_world_with_a_lag_after_an_interrupt() -> None:
    with started(PATIENT, "--lag", "1") as (process, directory):
        assert len(emulators(directory)) == 2
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        assert process.returncode == 41
        assert_gone(directory)


def test_nothing_is_left_of_a_world_with_a_lag_that_is_killed() -> None:
    with started(WAITING, "--lag", "1") as (process, directory):
        assert len(emulators(directory)) == 2
        process.kill()
        process.wait()
        assert_gone(directory, within=15)


def test_a_world_that_stays_has_a_lag_too(tmp_path: Path) -> None:
    world = tmp_path / "world"
    place = ("--directory", str(world))
    try:
        up = run(*place, "--lag", "1", "up")
        assert up.returncode == 0, up.stderr
        assert len(emulators(world)) == 2
    finally:
        assert run(*place, "down").returncode == 0
    assert_gone(world)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM], ids=lambda number: number.name)
def test_a_leashed_server_ends_with_who_started_it(end: signal.Signals) -> None:
    # A shell that starts the leash as the gate does, says who is who, and is then killed.
    script = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-IS', sys.argv[1], 'sleep', '300.123'], stdin=-1)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    words = [sys.executable, "-c", script, leash.__file__]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        server = wait_for_child(pid)
        starter.send_signal(end)
        starter.wait()
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{one}/cmdline").exists() for one in (pid, server)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_leash_ends_with_its_server_and_with_its_code() -> None:
    words = [sys.executable, "-IS", leash.__file__, "sh", "-c", "exit 7"]
    with subprocess.Popen(words, stdin=subprocess.PIPE) as process:
        assert process.wait(10) == 7


def wait_for_child(pid: int) -> int:
    """The process that `pid` has started, within five seconds."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    deadline = time.monotonic() + 5
    while not (found := children.read_text().split()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return int(found[0])
