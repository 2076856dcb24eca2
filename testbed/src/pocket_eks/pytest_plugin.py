"""pytest fixtures for tests that share a world: `pytest_plugins = ["pocket_eks.pytest_plugin"]`.

Only this module requires pytest.
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
"""Marks tests that always run in a separate world with ministack, for features that only ministack has.

Mark all tests of a module to start only one world."""

on_moto = pytest.mark.parametrize("emulator_name", ["moto"], indirect=True, ids=["moto"])
"""Marks tests that always run with moto, for how a program works without the features of ministack."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--aws`, the emulator of all worlds."""
    parser.addoption(
        "--aws", choices=EMULATORS, default="moto", help="the emulator of all worlds (default: moto)"
    )


@pytest.fixture(scope="session")
def emulator_name(request: pytest.FixtureRequest) -> str:
    """Return the emulator: `--aws`, or that of the marks `on_ministack` and `on_moto`."""
    return str(getattr(request, "param", request.config.getoption("aws")))


@pytest.fixture(scope="session")
def world_path() -> Sequence[Path]:
    """Return directories for the PATH of the world, with the program under test. Override this fixture."""
    return ()


@pytest.fixture(scope="session")
def world(emulator_name: str, world_path: Sequence[Path]) -> Iterator[World]:
    """Return the world of this xdist worker. Tests share it, so they must use new names."""
    with start_world(emulator=emulator_name, path=world_path) as started:
        yield started


@pytest.fixture
def control(world: World) -> Iterator[Control]:
    """Return a client of the world's control API, which is reset before and after the test."""
    control = Control(world.control_url)
    control.reset()
    yield control
    control.reset()


@pytest.fixture
def kubectl(world: World) -> Kubectl:
    """Return `kubectl(*words, stdin="")`, which runs kubectl as the administrator.

    It does not check the exit code.
    """

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
    """Return the name of a new namespace, which is not deleted.

    Its default ServiceAccount can be missing for a moment.
    """
    name = f"test-{uuid.uuid4().hex[:10]}"
    made = kubectl("create", "namespace", name)
    assert made.returncode == 0, made.stderr
    return name


@pytest.fixture(scope="session")
def aws(world: World) -> Aws:
    """Return `aws("sts")`, which creates a boto3 client with the administrator's credentials.

    No policy applies to its calls, and they are in the call log.
    """
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
