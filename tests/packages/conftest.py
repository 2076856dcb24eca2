"""What is handed out, built once."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
from gates.release_build import build
from gates.tree import ROOT


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders `dist` and `krew`, as make dist and make krew fill them."""
    folder = tmp_path_factory.mktemp("built")
    for what in ("dist", "krew"):
        build(ROOT, folder / what, what)
    return folder


@pytest.fixture(scope="session")
def krew_dist(built: Path) -> Path:
    """Where make krew has put both."""
    return built / "krew"


@pytest.fixture(scope="session")
def krew_store(krew_dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder `bin` with the plugin's name linked to where the archive was unpacked."""
    folder = tmp_path_factory.mktemp("krew")
    (archive,) = krew_dist.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder / "store", filter="data")
    (folder / "bin").mkdir()
    (folder / "bin" / "kubectl-iamsa").symlink_to(folder / "store" / "kubectl-iamsa")
    return folder
