"""pocket-eks as a user calls it: what it passes on, and that nothing is left."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest.mock import Mock

import pytest
from pocket_eks.command import run_command
from pocket_eks.servers import Servers
from worlds import PATIENT, WORLD, assert_gone, processes, run, started


def program(name: str, directory: Path) -> Path:
    """A directory with a program that says its name."""
    folder = directory / f"with-{name}"
    folder.mkdir(parents=True)
    (folder / name).write_text(f"#!/bin/sh\necho I am {name}\n")
    (folder / name).chmod(0o755)
    return folder


def test_command_finds_the_world_and_nothing_of_the_callers_account(tmp_path: Path) -> None:
    (tmp_path / "profile").write_text("[default]\naws_access_key_id = AKIAREAL\n")
    script = "import json, os, sys; print(json.dumps(dict(os.environ))); sys.exit(7)"
    done = run(
        "--",
        sys.executable,
        "-c",
        script,
        AWS_PROFILE="production",
        AWS_SESSION_TOKEN="real",
        AWS_REGION="eu-west-1",
        AWS_ENDPOINT_URL_IAM="https://iam.amazonaws.com",
        AWS_SHARED_CREDENTIALS_FILE=str(tmp_path / "profile"),
        HTTP_PROXY="http://proxy.invalid:3128",
        NO_PROXY="internal.example",
    )
    assert done.returncode == 7, done.stderr
    env = json.loads(done.stdout)
    directory = Path(env["KUBECONFIG"]).parent
    assert {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL_IAM"}.isdisjoint(env)
    assert env["WORLD_CLUSTER"] == "demo"
    assert env["WORLD_ACCOUNT"] == "123456789012"
    assert env["AWS_DEFAULT_REGION"] == "us-east-1"
    for name in ("AWS_ENDPOINT_URL", "WORLD_CONTROL"):
        assert env[name].startswith("http://127.0.0.1:")
    for name in ("WORLD_KUBECONFIG_NARROW", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "KUBECACHEDIR"):
        assert Path(env[name]).parent == directory
    assert env["PATH"].split(":")[0] == str(directory / "bin")
    assert env["NO_PROXY"] == "internal.example,127.0.0.1,localhost"
    assert "PYTHONPATH" not in env
    assert_gone(directory)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 41), (signal.SIGTERM, 42)])
def test_signal_is_passed_on_and_the_command_waited_for(number: signal.Signals, code: int) -> None:
    with started(PATIENT) as (process, directory):
        assert len(processes(directory)) >= 7
        process.send_signal(number)
        output, _ = process.communicate(timeout=20)
        assert output == f"got {number.name.removeprefix('SIG')}\n"
        assert process.returncode == code
        assert_gone(directory)


def test_signal_of_the_command_itself() -> None:
    done = run("--", "sh", "-c", 'echo "$KUBECONFIG"; sleep 100 & kill -KILL $$')
    assert done.returncode == 128 + signal.SIGKILL
    assert_gone(Path(done.stdout.strip()).parent)


def test_nothing_is_left_when_the_world_itself_is_killed() -> None:
    with started('trap "" TERM INT; echo "$KUBECONFIG"; while :; do sleep 0.05; done') as (
        process,
        directory,
    ):
        process.kill()
        process.wait()
        assert_gone(directory, within=15)


def test_interrupt_during_start(tmp_path: Path) -> None:
    environ = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen([WORLD, "--", "echo", "too late"], env=environ, stdout=subprocess.PIPE) as process:
        while not (worlds := list(tmp_path.glob("pocket-eks-*/logs/kube-apiserver.log"))):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=20)
    assert (process.returncode, output) == (130, b"")
    assert_gone(worlds[0].parents[1])


def test_control_c_at_a_terminal_reaches_the_command_once() -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(WORLD, [str(WORLD), "--", "sh", "-c", PATIENT])
    shown = b""
    while b"kubeconfig" not in shown:
        shown += os.read(terminal, 1000)
    os.write(terminal, b"\x03")
    while True:
        try:
            chunk = os.read(terminal, 1000)
        except OSError:  # how Linux says that the other side is closed
            chunk = b""
        if not chunk:
            break
        shown += chunk
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 41
    assert shown.count(b"got INT") == 1
    line = next(line for line in shown.decode().splitlines() if line.endswith("/kubeconfig"))
    assert_gone(Path(line).parent)


def test_worlds_side_by_side_have_their_own_issuers() -> None:
    words = [str(WORLD), "--", "sh", "-c", "kubectl get --raw /.well-known/openid-configuration"]
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    issuers = {json.loads(process.communicate(timeout=60)[0])["issuer"] for process in both}
    assert len(issuers) == 2


def test_world_that_stays(tmp_path: Path) -> None:
    place = ("--directory", str(tmp_path / "worlds" / "mine"))
    assert run(*place, "env").returncode == 1
    assert run(*place, "env").stderr == "no world is up; start one with pocket-eks up\n"
    first_on_path, second_on_path = program("first", tmp_path), program("second", tmp_path)
    try:
        first = run(*place, "--path", str(first_on_path), "up")
        assert first.returncode == 0, first.stderr
        assert "already" in run(*place, "up").stderr
        env = f'eval "$({WORLD} {" ".join(place)} --path {second_on_path} env)"'
        says = (
            'echo "${AWS_PROFILE-none} $WORLD_CLUSTER"; kubectl get ns -o name; first; second; echo "$PATH"'
        )
        done = subprocess.run(
            ["sh", "-c", f"{env}; {env}; {says}"],
            env=os.environ | {"AWS_PROFILE": "production"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.startswith("none demo\nnamespace/default\n")
        assert "I am first\nI am second\n" in done.stdout
        path = done.stdout.splitlines()[-1].split(":")
        assert path[1:3] == [str(first_on_path), str(second_on_path)]
        assert path.count(str(first_on_path)) == 1
    finally:
        assert run(*place, "down").returncode == 0
    assert_gone(tmp_path / "worlds" / "mine")
    assert run(*place, "down").returncode == 0


def test_directory_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    for verb in ("up", "down"):
        done = run("--directory", str(tmp_path), verb)
        assert done.returncode == 1
        assert (
            done.stderr
            == f"{tmp_path} is not the directory of a world; use a directory that does not exist yet\n"
        )
    assert (tmp_path / "thesis.txt").exists()


def test_command_finds_the_programs_under_test_first_but_kubectl(tmp_path: Path) -> None:
    directories = [program("kubectl", tmp_path), program("sh", tmp_path), program("sh", tmp_path / "other")]
    paths = [word for one in directories for word in ("--path", str(one))]
    done = run(*paths, "--", "sh", "-c", "kubectl version")
    assert (done.returncode, done.stdout) == (0, "I am sh\n"), done.stderr
    done = run(*paths, "--", "kubectl", "get", "namespace", "default", "-o", "name")
    assert (done.returncode, done.stdout) == (0, "namespace/default\n"), done.stderr


def test_server_that_does_not_come_up_shows_its_log(tmp_path: Path) -> None:
    for name, script in {"etcd": "echo the disk is full; exit 3", "kube-apiserver": "sleep 60"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    done = run("--", "echo", "never", KUBEBUILDER_ASSETS=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "etcd ended with code 3; the end of its log:\n  the disk is full\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--aws", "localstack", "--", "true"), "--aws"),
        (("--lag", "soon", "--", "true"), "--lag"),
        (("--latency", "-1", "--", "true"), "--latency"),
        (("--path", "nowhere", "--", "true"), "directory nowhere does not exist"),
        ((), "requires either -- COMMAND... or one of up, down, env"),
        (("up", "--", "true"), "requires either"),
    ],
)
def test_command_line_that_is_refused(words: tuple[str, ...], says: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_command_that_cannot_be_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    servers = Mock(Servers)
    assert run_command(["no-such-command"], dict(os.environ), servers) == 127
    assert run_command([str(tmp_path)], dict(os.environ), servers) == 126
    errors = capfd.readouterr().err
    assert errors == f"no-such-command: No such file or directory\n{tmp_path}: Permission denied\n"
