"""Two builds of the same sources are the same, byte for byte, wherever and whenever they are made."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from gates.release_build import build, build_wheel
from gates.tree import ROOT, sources


def sums(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources under another path, written in another order and at another time."""
    root = tmp_path_factory.mktemp("else") / "where"
    for name in sorted(sources(), reverse=True):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name, follow_symlinks=False)
        os.utime(root / name, (0, 1_000_000_000), follow_symlinks=False)
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    return root


@pytest.mark.parametrize("what", ["dist", "krew"])
def test_two_builds_are_equal(built: Path, elsewhere: Path, tmp_path: Path, what: str) -> None:
    build(elsewhere, tmp_path, what, umask=0o077)
    assert sums(tmp_path) == sums(built / what)


def test_the_sdist_builds_the_same_wheel(built: Path, tmp_path: Path) -> None:
    (sdist,) = (built / "dist").glob("iamsa-[0-9]*.tar.gz")
    (wheel,) = (built / "dist").glob("*.whl")
    shutil.unpack_archive(sdist, tmp_path)
    (unpacked,) = tmp_path.iterdir()
    assert build_wheel(unpacked, tmp_path / "new").read_bytes() == wheel.read_bytes()
