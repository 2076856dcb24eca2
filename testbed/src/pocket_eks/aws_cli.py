"""Installs the AWS CLI, for tests that need more than the kubeconfig's replacement for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pocket_eks.build import say
from pocket_eks.cache import cache_directory, locked
from pocket_eks.errors import WorldError

VERSION = "1.46.3"
INSTALLED = ".installed"  # marks a complete environment


def find_aws() -> Path:
    """Return the AWS CLI, which is installed from PyPI into the cache if needed.

    It has its own virtual environment because it pins botocore.

    Raises:
        WorldError: the installation failed.
    """
    directory = cache_directory() / "awscli"
    directory.mkdir(exist_ok=True)
    venv = directory / VERSION
    with locked(directory, "installs the AWS CLI"):
        if not (venv / INSTALLED).exists():
            install(venv)
            (venv / INSTALLED).touch()
    return venv / "bin" / "aws"


def install(venv: Path) -> None:
    say("installing the AWS CLI from PyPI into your cache (once, about half a minute)")
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for words in (
        [sys.executable, "-m", "venv", "--clear", str(venv)],
        [*pip, "--no-cache-dir", f"awscli=={VERSION}"],
    ):
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            tail = "\n".join(f"  {line}" for line in (done.stdout + done.stderr).splitlines()[-10:])
            raise WorldError(f"installing the AWS CLI failed with code {done.returncode}:\n{tail}")
