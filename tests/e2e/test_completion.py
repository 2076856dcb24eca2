"""TAB behind `kubectl iamsa`: kubectl itself asks, and the cluster and the account tell."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from e2e.shop import Shop
from pocket_eks.control import Control
from pocket_eks.world import World

Complete = Callable[..., "list[str]"]
BASH_COMPLETION = Path("/usr/share/bash-completion/bash_completion")


@pytest.fixture
def complete(world: World) -> Complete:
    """`complete("create", "-n", "")`: the values that kubectl gets, as its shell scripts ask for them."""

    def ask(*words: str, environ: Mapping[str, str] | None = None) -> list[str]:
        done = subprocess.run(
            ["kubectl", "__complete", "iamsa", *words],
            env=environ or world.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        lines = done.stdout.splitlines()
        assert re.fullmatch(r":\d+", lines[-1])
        # Before a flag kubectl offers its own --version as well.
        return [line.partition("\t")[0] for line in lines[:-1]]

    return ask


@pytest.fixture
def offered(complete: Complete) -> Complete:
    """The same of what there is: what a busy machine does not read within two seconds is not offered."""

    def ask(*words: str) -> list[str]:
        return next((found for _ in range(5) if (found := complete(*words))), [])

    return ask


def test_verbs(offered: Complete) -> None:
    assert offered("cr") == ["create"]


def test_namespaces(offered: Complete, namespace: str) -> None:
    assert offered("create", "app", "-n", namespace[:-2]) == [namespace]


def test_service_accounts(offered: Complete, made: Shop) -> None:
    assert offered("create", "-n", made.namespace, "") == ["default", "shop"]


@pytest.mark.parametrize("verb", ["update", "list", "describe", "verify", "delete"])
def test_service_accounts_that_have_a_role(offered: Complete, made: Shop, verb: str) -> None:
    assert offered(verb, "-n", made.namespace, "") == ["shop"]


def test_policies_by_name(offered: Complete) -> None:
    assert offered("create", "app", "-p", "AmazonS3ReadOnly") == ["AmazonS3ReadOnlyAccess"]


def test_policies_by_arn(offered: Complete) -> None:
    arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    assert offered("create", "app", "-p", arn[:-3]) == [arn]


def test_policies_to_delete_are_those_of_the_role(offered: Complete, made: Shop) -> None:
    words = ("update", "shop", "-n", made.namespace, "-a", "delete", "-p", "")
    assert offered(*words) == ["AmazonS3ReadOnlyAccess"]


def test_contexts(offered: Complete, world: World) -> None:
    assert offered("create", "--context", "") == [world.cluster_arn]


def test_clusters(offered: Complete, world: World) -> None:
    assert offered("create", "--cluster-name", "") == [world.cluster]


def test_deployments(offered: Complete, made: Shop) -> None:
    made.ok("create", "deployment", "web", "--image=web", "-n", made.namespace)
    assert offered("doctor", "-n", made.namespace, "deployment/") == ["deployment/web"]


def test_who_may_list_nothing_is_offered_nothing(complete: Complete, control: Control) -> None:
    control.fault("kube", "*", {"status": 403}, times=None)
    assert complete("create", "app", "-n", "") == []


def test_a_server_that_hangs_holds_the_prompt_for_two_seconds(complete: Complete, control: Control) -> None:
    control.fault("kube", "*", {"hang": True}, times=None)
    begun = time.monotonic()
    assert complete("create", "app", "-n", "") == []
    assert time.monotonic() - begun < 9


def test_without_kubeconfig_and_home_nothing_is_offered(complete: Complete, world: World) -> None:
    environ = {key: value for key, value in world.environ.items() if key not in ("KUBECONFIG", "HOME")}
    assert complete("create", "app", "-n", "", environ={**environ, "HOME": "/nonexistent"}) == []


def test_nothing_is_written_on_stderr(world: World) -> None:
    done = subprocess.run(
        ["kubectl_complete-iamsa", "create", "--kubeconfig", "/nonexistent", "-n", ""],
        env=world.environ,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert (done.stdout, done.stderr) == (":4\n", "")


@pytest.mark.skipif(not BASH_COMPLETION.exists(), reason="bash-completion is not installed")
def test_in_a_real_bash(world: World, made: Shop) -> None:
    prompt = f"kubectl iamsa describe -n {made.namespace} "
    screen = typed(
        ["bash", "--norc", "-i"], world, f". {BASH_COMPLETION}; . <(kubectl completion bash)", prompt
    )
    assert f"{prompt}shop " in screen


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
def test_in_a_real_fish(world: World, made: Shop) -> None:
    script = f"kubectl completion fish | source; complete -C 'kubectl iamsa describe -n {made.namespace} '"
    done = subprocess.run(
        ["fish", "--no-config", "-c", script],
        env=world.environ,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout == f"shop\t{made.role_name}\n"


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
def test_in_a_real_zsh(world: World, made: Shop) -> None:
    prompt = f"kubectl iamsa describe -n {made.namespace} "
    setup = "autoload -U compinit && compinit -u -D; . <(kubectl completion zsh)"
    assert f"{prompt}shop " in typed(["zsh", "-f", "-i"], world, setup, prompt)


def typed(shell: list[str], world: World, setup: str, line: str) -> str:
    """What an interactive shell shows after `setup` and a line with TAB at its end."""
    pid, terminal = pty.fork()
    if not pid:
        os.execvpe(shell[0], shell, {**world.environ, "TERM": "dumb", "PS1": "> ", "INPUTRC": "/dev/null"})
    try:
        screen = _shown(terminal, seconds=3)
        os.write(
            terminal, f"bind 'set enable-bracketed-paste off' 2> /dev/null; {setup}; echo rea''dy\n".encode()
        )
        screen = _shown(terminal, until="ready", seconds=15)
        os.write(terminal, f"{line}\t".encode())
        screen = _shown(terminal, until="shop ", seconds=15)
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r|\x07|\x08", "", screen)
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(terminal)


def _shown(terminal: int, *, seconds: float, until: str = "\0") -> str:
    shown, end = "", time.monotonic() + seconds
    while until not in shown and time.monotonic() < end:
        if select.select([terminal], [], [], 0.3)[0]:
            shown += os.read(terminal, 4096).decode(errors="replace")
        elif until == "\0" and shown:
            break
    return shown
