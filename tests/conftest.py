"""Fixtures for tests in a world: a real API server and an AWS emulator, with a gate in front of both."""

from __future__ import annotations

import os
import subprocess
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3
import documents
import program
import pytest
from pocket_eks.control import Control
from pocket_eks.emulators import EMULATORS
from pocket_eks.world import World, start_world

# A bug then shows its traceback, which many tests look for in what was printed.
os.environ["IAMSA_DEBUG"] = "1"

Kubectl = Callable[..., "subprocess.CompletedProcess[str]"]
Iamsa = Callable[..., "subprocess.CompletedProcess[str]"]
Aws = Callable[..., Any]
Writes = Callable[[], "list[str]"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--aws ministack` runs all in worlds that stand on ministack."""
    parser.addoption(
        "--aws", choices=EMULATORS, default="moto", help="the emulator that worlds stand on (moto)"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a world of its own on ministack is run by make test-ministack."""
    for item in items:
        values = (
            item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        )
        if values.get("emulator_name") == "ministack":
            item.add_marker(pytest.mark.ministack)


@pytest.fixture(scope="session")
def emulator_name(request: pytest.FixtureRequest) -> str:
    """What worlds stand on: `--aws`, but for tests that are marked `on_ministack`."""
    return str(getattr(request, "param", request.config.getoption("aws")))


@pytest.fixture(scope="session")
def world(emulator_name: str) -> Iterator[World]:
    """One world for each xdist worker; what a test makes in it stays, so tests use fresh names."""
    with start_world(emulator=emulator_name, path=[program.folder()]) as started:
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


@pytest.fixture
def iamsa(world: World) -> Iamsa:
    """`iamsa(*words, code=0)` is the real `kubectl iamsa …` in the world, its exit code checked, and
    the document that it prints.

    `environ` replaces the world's environment. No failure may show a traceback.
    """

    def run(
        *words: str, code: int = 0, environ: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["kubectl", "iamsa", *words],
            env=world.environ if environ is None else environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == code, f"{done.stdout}{done.stderr}"
        documents.check_printed(words, done.stdout)
        return done

    return run


@pytest.fixture(scope="session")
def aws(world: World) -> Aws:
    """`aws("sts")` is a boto3 client in the world, as the account's administrator, so no policy stops it;
    what it does is in the call log too."""
    usual = {
        "endpoint_url": world.variables["AWS_ENDPOINT_URL"],
        "region_name": world.region,
        "aws_access_key_id": world.variables["WORLD_ADMIN_ACCESS_KEY_ID"],
        "aws_secret_access_key": world.variables["WORLD_ADMIN_SECRET_ACCESS_KEY"],
    }

    def client(service: str, **options: Any) -> Any:
        return boto3.client(service, **{**usual, **options})  # type: ignore[call-overload]

    return client


@pytest.fixture(scope="session")
def iam(aws: Aws) -> Any:
    """A client of the world's IAM."""
    return aws("iam")


@pytest.fixture
def writes(control: Control) -> Writes:
    """`writes()`: what has changed anything since the log was last cleared, in order, as `iam:CreateRole`."""
    return lambda: [call["action"] for call in control.calls() if call["write"]]
