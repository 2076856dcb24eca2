"""Fixtures for pytest, for tests that share a world: `pytest_plugins = ["pocket_eks.pytest_plugin"]`.

Only this module needs pytest.
"""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from .control import Control
from .emulators import EMULATORS
from .world import World, start_world

Aws = Callable[..., Any]
Kubectl = Callable[..., "subprocess.CompletedProcess[str]"]

on_ministack = pytest.mark.parametrize("emulator_name", ["ministack"], indirect=True, ids=["ministack"])
"""Marks tests that run in a world of their own that stands on ministack, whatever `--aws` says: for what only
it has, which is the simulation of policies. Cheapest on all tests of a module."""

on_moto = pytest.mark.parametrize("emulator_name", ["moto"], indirect=True, ids=["moto"])
"""Marks tests that run on moto, whatever `--aws` says: for how a program copes without that."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--aws ministack` runs all in worlds that stand on ministack."""
    parser.addoption(
        "--aws", choices=EMULATORS, default="moto", help="the emulator that worlds stand on (moto)"
    )


@pytest.fixture(scope="session")
def emulator_name(request: pytest.FixtureRequest) -> str:
    """What worlds stand on: `--aws`, but for tests that are marked `on_ministack` or `on_moto`."""
    return str(getattr(request, "param", request.config.getoption("aws")))


@pytest.fixture(scope="session")
def world_path() -> Sequence[Path]:
    """Directories for the world's PATH, with the program under test; to be overridden."""
    return ()


@pytest.fixture(scope="session")
def world(emulator_name: str, world_path: Sequence[Path]) -> Iterator[World]:
    """One world for each xdist worker; what a test makes in it stays, so tests use fresh names."""
    with start_world(emulator=emulator_name, path=world_path) as started:
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
def namespace(kubectl: Kubectl) -> str:
    """A fresh namespace's name; it stays. Its default ServiceAccount may take a moment to appear."""
    name = f"test-{uuid.uuid4().hex[:10]}"
    made = kubectl("create", "namespace", name)
    assert made.returncode == 0, made.stderr
    return name


@pytest.fixture(scope="session")
def aws(world: World) -> Aws:
    """`aws("sts")` is a boto3 client in the world, as the account's administrator, so no policy stops it;
    what it does is in the call log too."""
    import boto3  # noqa: PLC0415

    usual = {
        "endpoint_url": world.variables["AWS_ENDPOINT_URL"],
        "region_name": world.region,
        "aws_access_key_id": world.variables["WORLD_ADMIN_ACCESS_KEY_ID"],
        "aws_secret_access_key": world.variables["WORLD_ADMIN_SECRET_ACCESS_KEY"],
    }

    def client(service: str, **options: Any) -> Any:
        return boto3.client(service, **{**usual, **options})  # type: ignore[call-overload]

    return client
