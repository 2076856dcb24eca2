"""The archive and the manifest for krew: its rules, and the archive unpacked and linked as krew does it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from gates.bare import clean_environ
from testbed.world import World

pytestmark = pytest.mark.packages
PYTHONS = ["3.10", "3.11", "3.12", "3.13"]


@pytest.fixture(scope="module")
def dist(built: Path) -> Path:
    """Where make krew has put both."""
    return built / "krew"


@pytest.fixture(scope="module")
def manifest(dist: Path) -> Any:
    return yaml.safe_load((dist / "iamsa.yaml").read_text())


@pytest.fixture(scope="module")
def store(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder `bin` with the plugin's name linked to where the archive was unpacked."""
    folder = tmp_path_factory.mktemp("krew")
    (archive,) = dist.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder / "store", filter="data")
    (folder / "bin").mkdir()
    (folder / "bin" / "kubectl-iamsa").symlink_to(folder / "store" / "kubectl-iamsa")
    return folder


def test_the_manifest_is_of_krews_kind(manifest: Any) -> None:
    assert manifest["apiVersion"] == "krew.googlecontainertools.github.com/v1alpha2"
    assert manifest["kind"] == "Plugin"
    assert manifest["metadata"] == {"name": "iamsa"}
    assert set(manifest["spec"]) == {
        *("version", "homepage", "shortDescription", "description", "caveats", "platforms"),
    }


def test_the_version_is_a_semantic_one_with_a_v(manifest: Any) -> None:
    assert re.fullmatch(r"v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", manifest["spec"]["version"])


def test_the_short_description_is_short(manifest: Any) -> None:
    text = manifest["spec"]["shortDescription"]
    assert len(text) <= 50
    assert "\n" not in text
    assert not text.endswith(".")


def test_lines_fit_a_terminal(manifest: Any) -> None:
    lines = [*manifest["spec"]["description"].splitlines(), *manifest["spec"]["caveats"].splitlines()]
    assert max(map(len, lines)) <= 90


def test_each_platform_is_chosen_by_system_and_machine(manifest: Any) -> None:
    chosen = [platform["selector"]["matchLabels"] for platform in manifest["spec"]["platforms"]]
    assert all(set(labels) == {"os", "arch"} for labels in chosen)
    assert len({tuple(sorted(labels.items())) for labels in chosen}) == len(chosen)


def test_each_platform_has_the_checksum_of_the_archive(manifest: Any, dist: Path) -> None:
    (archive,) = dist.glob("*.tar.gz")
    checksum = hashlib.sha256(archive.read_bytes()).hexdigest()
    for platform in manifest["spec"]["platforms"]:
        assert platform["sha256"] == checksum
        assert platform["uri"].startswith("https://")
        assert platform["uri"].endswith(f"/{archive.name}")


def test_what_is_installed_is_in_the_archive(manifest: Any, store: Path) -> None:
    files = {path.name for path in (store / "store").iterdir()}
    for platform in manifest["spec"]["platforms"]:
        wanted = {entry["from"] for entry in platform["files"]}
        assert {"LICENSE", platform["bin"]} <= wanted <= files


@pytest.mark.parametrize("version", PYTHONS)
def test_it_runs_on_each_python_without_pip(store: Path, world: World, version: str, tmp_path: Path) -> None:
    python = interpreter(version)
    if not python:
        pytest.skip(f"there is no Python {version} here")
    environ = {
        **world.environ,
        "PATH": os.pathsep.join([str(store / "bin"), str(python.parent), world.environ["PATH"]]),
        "SHIV_ROOT": str(tmp_path / "shiv"),
    }

    def run(*words: str) -> str:
        done = subprocess.run(
            ["kubectl", "iamsa", *words],
            env=environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert f"python      {version}." in run("version")
    name = f"krew-{version.replace('.', '-')}"
    assert "created" in run("create", name, "-p", "AmazonS3ReadOnlyAccess")
    assert "unchanged" in run("create", name, "-p", "AmazonS3ReadOnlyAccess")
    assert "verified" in run("verify", name)
    assert "deleted" in run("delete", name, "--yes")


def test_completion_is_set_up_by_its_own_command(store: Path, tmp_path: Path) -> None:
    environ = clean_environ(HOME=str(tmp_path), PATH=f"{store / 'bin'}{os.pathsep}{os.environ['PATH']}")
    kubectl_iamsa = [str(store / "bin" / "kubectl-iamsa"), "completion", "install"]
    subprocess.run(kubectl_iamsa, env=environ, check=True, capture_output=True, timeout=60)
    done = subprocess.run(
        [str(store / "bin" / "kubectl_complete-iamsa"), "cr"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.startswith("create\t")


def interpreter(version: str) -> Path | None:
    """A real one of that version: pyenv's shims choose by the folder they are in."""
    found = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python3"))
    named = shutil.which(f"python{version}")
    return found[-1] if found else Path(named) if named and "shims" not in named else None
