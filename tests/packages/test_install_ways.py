"""pip, pipx and uv, each in an empty environment: the plugin, its completion and its manual are there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from gates.bare import clean_environ
from pocket_eks.world import World


def pip(wheel: Path, home: Path, run: Callable[..., None]) -> Path:
    run(sys.executable, "-m", "venv", str(home / "venv"))
    run(str(home / "venv" / "bin" / "pip"), "install", "--quiet", str(wheel))
    return home / "venv"


def pipx(wheel: Path, home: Path, run: Callable[..., None]) -> Path:
    run(sys.executable, "-m", "venv", str(home / "tool"))
    run(str(home / "tool" / "bin" / "pip"), "install", "--quiet", "pipx")
    run(str(home / "tool" / "bin" / "pipx"), "install", str(wheel))
    return home / ".local"


def uv(wheel: Path, home: Path, run: Callable[..., None]) -> Path:
    run(sys.executable, "-m", "venv", str(home / "tool"))
    run(str(home / "tool" / "bin" / "pip"), "install", "--quiet", "uv")
    run(str(home / "tool" / "bin" / "uv"), "tool", "install", "--python", sys.executable, str(wheel))
    return home / ".local"


@pytest.mark.parametrize("install", [pip, pipx, uv])
def test_a_newcomer_has_all_of_it(
    install: Callable[..., Path], built: Path, world: World, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    environ = clean_environ(HOME=str(home))

    def run(*words: str) -> None:
        done = subprocess.run(words, env=environ, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    (wheel,) = (built / "dist").glob("*.whl")
    prefix = install(wheel, home, run)
    path = os.pathsep.join([str(prefix / "bin"), world.environ["PATH"]])

    def says(*words: str) -> str:
        environ = {**world.environ, "HOME": str(home), "PATH": path}
        done = subprocess.run(words, env=environ, capture_output=True, text=True, timeout=60, check=True)
        return done.stdout

    assert f"{prefix}" in says("sh", "-c", "command -v kubectl-iamsa")
    assert "cluster" in says("kubectl", "iamsa", "version")
    assert says("kubectl", "__complete", "iamsa", "cr").startswith("create\t")
    # uv leaves a tool's data in the tool's own environment.
    found = [*prefix.rglob("share/man/man1/kubectl-iamsa.1")]
    assert len(found) >= 1


@pytest.mark.skipif(sys.version_info < (3, 11), reason="ansible-core 2.19 needs Python 3.11")
def test_ansible_galaxy_installs_the_collection(built: Path, tmp_path: Path) -> None:
    (tarball,) = (built / "dist").glob("iamsa-eks-*.tar.gz")
    galaxy = str(Path(sys.executable).with_name("ansible-galaxy"))
    done = subprocess.run(
        # Forced: this Python has iamsa itself, which Ansible takes for an installed collection.
        [galaxy, "collection", "install", "--force", "--collections-path", str(tmp_path), str(tarball)],
        env=clean_environ(HOME=str(tmp_path)),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "ansible_collections/iamsa/eks/plugins/modules/iam_serviceaccount.py").is_file()
