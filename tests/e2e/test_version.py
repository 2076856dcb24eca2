"""`kubectl iamsa version`: what a bug report needs."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from importlib.metadata import version
from subprocess import CompletedProcess

import pytest
import yaml
from conftest import Iamsa
from pocket_eks.control import Control
from pocket_eks.world import World

LIBRARIES = {name: version(name) for name in ("boto3", "botocore", "kubernetes")}
Kubectl = Callable[..., "CompletedProcess[str]"]


@pytest.fixture
def server_version(kubectl: Kubectl) -> str:
    """As kubectl tells it."""
    told: str = json.loads(kubectl("version", "-o", "json").stdout)["serverVersion"]["gitVersion"]
    return told


def test_all_of_them(iamsa: Iamsa, world: World, server_version: str) -> None:
    lines = dict(line.split(maxsplit=1) for line in iamsa("version").stdout.splitlines())
    assert lines == {
        "plugin": version("iamsa"),
        "core": version("iamsa"),
        "python": platform.python_version(),
        **LIBRARIES,
        "cluster": f"{world.cluster} {server_version}",
    }


@pytest.mark.parametrize(("output", "read"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_for_machines(
    iamsa: Iamsa, world: World, server_version: str, output: str, read: Callable[[str], object]
) -> None:
    assert read(iamsa("version", "-o", output).stdout) == {
        "apiVersion": "iamsa/v1alpha1",
        "kind": "Version",
        "plugin": version("iamsa"),
        "core": version("iamsa"),
        "python": platform.python_version(),
        **LIBRARIES,
        "cluster": {"name": world.cluster, "kubernetes": server_version},
    }


def test_of_the_client_nothing_is_asked(iamsa: Iamsa, control: Control) -> None:
    assert "cluster" not in iamsa("version", "--client").stdout
    assert control.calls() == []


def test_by_the_clusters_name_alone(iamsa: Iamsa, world: World, server_version: str) -> None:
    environ = {key: value for key, value in world.environ.items() if key != "KUBECONFIG"}
    environ["HOME"] = "/nonexistent"
    words = ("version", "--cluster-name", world.cluster, "--region", world.region)
    assert f"{world.cluster} {server_version}" in iamsa(*words, environ=environ).stdout


def test_a_server_that_does_not_answer_is_told_after_the_rest(iamsa: Iamsa, control: Control) -> None:
    control.fault("kube", "*", {"hang": True}, times=None)
    done = iamsa("version", "--timeout", "2s", code=1)
    assert "boto3" in done.stdout
    assert done.stderr.startswith("error: timed out after 2 s ")
    assert "; run the same command again, or allow more time with --timeout" in done.stderr
