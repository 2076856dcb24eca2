"""The AWS CLI itself as the kubeconfig's command, so that the stand-in is not all that works."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from pocket_eks.aws_cli import find_aws
from pocket_eks.errors import WorldError
from pocket_eks.world import World


@pytest.fixture(scope="session")
def aws() -> Path:
    try:
        return find_aws()
    except WorldError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


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
