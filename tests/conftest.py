"""Fixtures for tests in a world: a real API server and an AWS emulator, with a gate in front of both.

Those of the world itself are pocket-eks' own.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import documents
import program
import pytest
from pocket_eks.control import Control
from pocket_eks.world import World

# A bug then shows its traceback, which many tests look for in what was printed.
os.environ["IAMSA_DEBUG"] = "1"

pytest_plugins = ["pocket_eks.pytest_plugin"]

Iamsa = Callable[..., "subprocess.CompletedProcess[str]"]
Writes = Callable[[], "list[str]"]


@pytest.fixture(scope="session")
def world_path() -> Sequence[Path]:
    return [program.folder()]


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
def iam(aws: Callable[..., Any]) -> Any:
    """A client of the world's IAM."""
    return aws("iam")


@pytest.fixture
def writes(control: Control) -> Writes:
    """`writes()`: what has changed anything since the log was last cleared, in order, as `iam:CreateRole`."""
    return lambda: [call["action"] for call in control.calls() if call["write"]]
