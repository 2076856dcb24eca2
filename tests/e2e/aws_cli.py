"""The real AWS CLI, for commands that iamsa prints."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from testbed.binary import cache_directory, locked

VERSION = "1.46.3"


def aws_cli() -> Path:
    """From PyPI, in a virtual environment of its own that is kept in the cache: it pins its botocore."""
    venv = cache_directory() / f"awscli-{VERSION}"
    with locked(cache_directory(), "installs the AWS CLI"):
        if not (venv / "bin" / "aws").exists():
            print("installing the AWS CLI, once", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
            pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-cache-dir"]
            done = subprocess.run([*pip, f"awscli=={VERSION}"], check=False)
            if done.returncode and not os.environ.get("CI"):
                pytest.skip("the AWS CLI cannot be installed from PyPI")
            assert done.returncode == 0
    return venv / "bin" / "aws"
