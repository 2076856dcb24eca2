"""The wheel alone, in an environment that has nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pocket_eks.cache import cache_directory

PROJECT = Path(__file__).parents[1]
AWS = """
import json, os, boto3
iam, sts = boto3.client("iam"), boto3.client("sts")
providers = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
print(json.dumps([sts.get_caller_identity()["Account"], len(providers), sorted(os.listdir("."))]))
"""


def run(*words: str | Path, **environ: str) -> str:
    done = subprocess.run(words, env=os.environ | environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with its programs."""
    folder = tmp_path_factory.mktemp("alone")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps")
    run(*pip, "--no-build-isolation", "--wheel-dir", folder, PROJECT)
    (wheel,) = folder.glob("pocket_eks-*.whl")
    run(sys.executable, "-m", "venv", folder / "venv")
    programs = folder / "venv" / "bin"
    run(programs / "pip", "install", "--quiet", "--disable-pip-version-check", wheel)
    return programs


def alone(*words: str | Path, cwd: Path) -> str:
    """What a program prints that finds nothing of this environment but the control plane in the cache."""
    environ = {
        "HOME": str(cwd),
        "PATH": "/usr/bin:/bin",
        "XDG_CACHE_HOME": str(cache_directory().parent),
    }
    done = subprocess.run(
        words, env=environ, cwd=cwd, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_needs_no_other_project(installed: Path, tmp_path: Path) -> None:
    listed = json.loads(alone(installed / "pip", "list", "--format", "json", cwd=tmp_path))
    names = {one["name"] for one in listed}
    assert "pocket-eks" in names
    assert names.isdisjoint({"iamsa", "kubernetes", "pytest"})


def test_it_brings_a_world_up(installed: Path, tmp_path: Path) -> None:
    world = installed / "pocket-eks"
    assert "namespace/kube-system" in alone(world, "--", "kubectl", "get", "ns", "-o", "name", cwd=tmp_path)
    account, providers, files = json.loads(alone(world, "--", installed / "python", "-c", AWS, cwd=tmp_path))
    assert (account, providers, files) == ("123456789012", 1, [])


def test_it_starts_as_a_module_too(installed: Path, tmp_path: Path) -> None:
    told = alone(installed / "python", "-m", "pocket_eks", "--help", cwd=tmp_path)
    assert told == alone(installed / "pocket-eks", "--help", cwd=tmp_path)


def test_the_wheel_has_all_that_a_control_plane_and_ministack_are_made_of(installed: Path) -> None:
    (package,) = installed.parent.glob("lib/python*/site-packages/pocket_eks")
    source = PROJECT / "src" / "pocket_eks"
    ours = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    wanted = {path for path in ours if "__pycache__" not in path.parts}
    assert {Path("controlplane/go.sum"), Path("ministack/requirements.txt"), Path("py.typed")} <= wanted
    assert all((package / path).is_file() for path in wanted)
