"""The AWS CLI itself as the kubeconfig's command, so that the stand-in is not all that works."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from testbed.binary import cache_directory, locked
from testbed.world import World

VERSION = "1.46.3"


@pytest.fixture(scope="session")
def aws() -> Path:
    """The AWS CLI from PyPI in a virtual environment of its own, kept in the cache: it pins its botocore."""
    venv = cache_directory() / f"awscli-{VERSION}"
    with locked(cache_directory()):
        if not (venv / "bin" / "aws").exists():
            print("installing the AWS CLI, once", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
            pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-cache-dir"]
            done = subprocess.run([*pip, f"awscli=={VERSION}"], check=False)
            if done.returncode and not os.environ.get("CI"):
                pytest.skip("the AWS CLI cannot be installed from PyPI")
            assert done.returncode == 0
    return venv / "bin" / "aws"


def kubectl(world: World, config: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["kubectl", "--kubeconfig", str(config), "auth", "can-i", "*", "*"],
        env=world.environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_real_get_token(world: World, aws: Path, tmp_path: Path) -> None:
    config = json.loads(Path(world.variables["KUBECONFIG"]).read_text())
    config["users"][0]["user"]["exec"]["command"] = str(aws)
    (tmp_path / "config").write_text(json.dumps(config))
    done = kubectl(world, tmp_path / "config")
    assert (done.stdout, done.stderr) == ("yes\n", "")


def test_real_update_kubeconfig_writes_what_the_world_has(world: World, aws: Path, tmp_path: Path) -> None:
    config = tmp_path / "config"
    words = [str(aws), "eks", "update-kubeconfig", "--name", world.cluster, "--kubeconfig", str(config)]
    subprocess.run(words, env=world.environ, capture_output=True, check=True)
    view = ["kubectl", "config", "view", "--raw", "-o", "json", "--kubeconfig"]
    written, ours = (
        json.loads(subprocess.check_output([*view, path], env=world.environ))
        for path in (config, world.variables["KUBECONFIG"])
    )
    assert ours["users"][0]["user"]["exec"].pop("command").endswith("/aws")
    assert written["users"][0]["user"]["exec"].pop("command") == "aws"
    assert written == ours
