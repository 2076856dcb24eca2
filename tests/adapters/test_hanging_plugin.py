"""A credential plugin that hangs: it is named, whatever ends the run, and nothing of it is left."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from adapters.processes import are_gone

PLUGIN = "the credential plugin ./plugin of user me"


@pytest.fixture
def silent() -> Iterator[str]:
    """An address where calls are taken and never answered."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def environ(tmp_path: Path, silent: str) -> dict[str, str]:
    """Of a run that gets no answer from AWS, and whose plugin hangs with a child."""
    plugin = tmp_path / "plugin"
    plugin.write_text("#!/bin/sh\nsleep 300 & echo $! $$ > pids.new; mv pids.new pids; wait\n")
    plugin.chmod(0o755)
    command = {"apiVersion": "client.authentication.k8s.io/v1", "command": "./plugin"}
    config = {
        "current-context": "dev",
        "contexts": [{"name": "dev", "context": {"cluster": "dev", "user": "me"}}],
        "clusters": [{"name": "dev", "cluster": {"server": f"https://{silent}"}}],
        "users": [{"name": "me", "user": {"exec": command}}],
    }
    (tmp_path / "kc").write_text(json.dumps(config))
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "IAMSA_"))},
        "HOME": str(tmp_path),
        "KUBECONFIG": "kc",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": f"http://{silent}",
        "NO_PROXY": "*",
    }


class Run:
    """A command under way in the folder of its plugin."""

    def __init__(self, environ: dict[str, str], *words: str, stdin: str = "") -> None:
        self._folder = Path(environ["HOME"])
        self.process = subprocess.Popen(
            [sys.executable, *words],
            env=environ,
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_heed_signals,  # noqa: PLW1509  (no thread is under way)
        )
        assert self.process.stdin
        self.process.stdin.write(stdin)
        self.process.stdin.close()
        self.process.stdin = None

    def pids(self) -> list[int]:
        end = time.monotonic() + 20
        while not (self._folder / "pids").exists():
            assert time.monotonic() < end, self.process.communicate()
            time.sleep(0.02)
        return [int(word) for word in (self._folder / "pids").read_text().split()]

    def ended(self) -> tuple[int, str, str]:
        stdout, stderr = self.process.communicate(timeout=20)
        return self.process.returncode, stdout, stderr


def _heed_signals() -> None:
    """As in a terminal, however the tests were started: nohup and a shell's & have them ignored."""
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


LIST = ("-m", "kubectl_iamsa", "list", "--cluster-name", "dev")


def test_the_runs_time_limit(environ: dict[str, str]) -> None:
    run = Run(environ, *LIST, "--timeout=2s")
    pids = run.pids()
    code, stdout, stderr = run.ended()
    assert (code, stdout) == (1, "")
    assert stderr.startswith(f"error: {PLUGIN} ")
    assert are_gone(pids)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal(environ: dict[str, str], number: signal.Signals, code: int) -> None:
    run = Run(environ, *LIST)
    pids = run.pids()
    run.process.send_signal(number)
    assert run.ended() == (code, "", f"interrupted while waiting for {PLUGIN}\n")
    assert are_gone(pids)


def module(environ: dict[str, str], **options: Any) -> Run:
    pytest.importorskip("ansible", reason="ansible-core needs a newer Python than this one")
    arguments = {"cluster_name": "dev", "namespace": "default", **options}
    name = "ansible_collections.iamsa.eks.plugins.modules.iam_serviceaccount_info"
    stdin = json.dumps({"ANSIBLE_MODULE_ARGS": arguments})
    return Run(environ, "-m", name, stdin=stdin)


def test_a_modules_time_limit(environ: dict[str, str]) -> None:
    run = module(environ, timeout="2s")
    pids = run.pids()
    _code, stdout, _stderr = run.ended()
    result = json.loads(stdout)
    assert result["failed"]
    assert result["msg"].startswith(PLUGIN)
    assert are_gone(pids)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_a_module(environ: dict[str, str], number: signal.Signals) -> None:
    run = module(environ)
    pids = run.pids()
    run.process.send_signal(number)
    _code, stdout, stderr = run.ended()
    result = json.loads(stdout)
    assert result["failed"]
    assert result["msg"] == f"interrupted while waiting for {PLUGIN}"
    assert "Traceback" not in stderr
    assert are_gone(pids)
