"""Fixtures for tests in a world: a real API server and an AWS emulator, with a gate in front of both."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Callable, Iterator

import pytest
from testbed.control import Control
from testbed.world import World, start_world

Kubectl = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """One world for each xdist worker; what a test makes in it stays, so tests use fresh names."""
    with start_world() as started:
        yield started


@pytest.fixture
def control(world: World) -> Iterator[Control]:
    """The world's control API, with nothing logged, broken, held or set; nor afterwards."""
    control = Control(world.control_url)
    control.reset()
    yield control
    control.reset()


@pytest.fixture
def kubectl(world: World) -> Kubectl:
    """`kubectl(*words, stdin="")` in the world, as the cluster's admin; the caller looks at the exit code."""

    def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["kubectl", *words],
            env=world.environ,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def namespace(kubectl: Kubectl) -> Iterator[str]:
    """A fresh namespace's name. Its default ServiceAccount may take a moment to appear."""
    name = f"test-{uuid.uuid4().hex[:10]}"
    made = kubectl("create", "namespace", name)
    assert made.returncode == 0, made.stderr
    yield name
    kubectl("delete", "namespace", name, "--wait=false")
