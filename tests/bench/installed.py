"""What is timed, installed as users install it: not editable, and with bytecode on disk."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from e2e.aws_cli import aws_cli
from pocket_eks.cache import cache_directory, locked
from pocket_eks.world import World

ROOT = Path(__file__).resolve().parents[2]
# The newest `ansible` for Python 3.11 and later that brings amazon.aws and kubernetes.core.
PEERS = ("ansible>=12.3,<13", "boto3", "kubernetes")


@dataclass(frozen=True)
class Installed:
    """`python` has iamsa's wheel; `aws` is AWS's command line; `peers` has Ansible with the collections that
    people use today."""

    python: Path
    aws: Path
    peers: Path

    def environ(self, world: World) -> dict[str, str]:
        """The world with these first on PATH; nobody's Ansible configuration, and bytecode is used."""
        kept = {key: value for key, value in world.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        folders = [self.python.parent, world.directory / "bin", self.aws.parent]
        return {**kept, "PATH": os.pathsep.join([*map(str, folders), kept["PATH"]])}

    def as_on_eks(self, world: World) -> dict[str, str]:
        """With the kubeconfig that `aws eks update-kubeconfig` writes: `aws` is started for each token.
        A world has a program of its own for that, which takes a twentieth of the time."""
        config = json.loads(Path(world.variables["KUBECONFIG"]).read_text())
        config["users"][0]["user"]["exec"]["command"] = "aws"
        kubeconfig = world.directory / "kubeconfig-eks"
        kubeconfig.write_text(json.dumps(config))
        return {**self.environ(world), "KUBECONFIG": str(kubeconfig)}


def install(folder: Path) -> Installed:
    """Into `folder`, which is made anew, and into the user's cache what does not change."""
    shutil.rmtree(folder, ignore_errors=True)
    python = _venv(folder / "iamsa", f"{ROOT}[ansible]")
    floor = python.with_name("kubectl-floor")
    floor.write_text(f"#!{python}\n{(Path(__file__).with_name('floor.py')).read_text()}")
    floor.chmod(0o755)
    peers = cache_directory("iamsa") / "peers"
    with locked(cache_directory("iamsa"), "installs the Ansible collections that are compared"):
        if not (peers / ".done").exists():
            _venv(peers, *PEERS)
            (peers / ".done").touch()
    return Installed(python, aws_cli(), peers / "bin" / "python")


def _venv(folder: Path, *requirements: str) -> Path:
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--compile"]
    subprocess.run([*pip, *requirements], check=True)
    return python
