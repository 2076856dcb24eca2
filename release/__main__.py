"""Builds the packages into a folder, for `make dist` and `make krew`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from release import collection, krew
from release.manual import pages

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m release")
    parser.add_argument("what", choices=("dist", "collection", "krew", "man"))
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "dist")
    parser.add_argument("--galaxy", default=str(Path(sys.executable).with_name("ansible-galaxy")))
    args = parser.parse_args()
    if "SOURCE_DATE_EPOCH" not in os.environ:
        parser.error("SOURCE_DATE_EPOCH is not set; make sets it to the time of the last commit")
    args.folder.mkdir(parents=True, exist_ok=True)
    made = {"dist": dist, "collection": collection_alone, "krew": krew_archive, "man": man}[args.what](
        args.folder.resolve(), args.galaxy
    )
    print(*made, sep="\n")
    return 0


def dist(folder: Path, galaxy: str) -> list[Path]:
    """Build the wheel, the sdist and the tarball of the collection."""
    return [_build("wheel", folder), _build("sdist", folder), _collection(folder, galaxy)]


def collection_alone(folder: Path, galaxy: str) -> list[Path]:
    """Build the tarball of the collection."""
    return [_collection(folder, galaxy)]


def krew_archive(folder: Path, _galaxy: str) -> list[Path]:
    """Build the krew archive and its manifest."""
    with tempfile.TemporaryDirectory(prefix="iamsa-wheel-") as made:
        wheel = _build("wheel", Path(made))
        return list(krew.build(wheel, folder, _version(wheel), (ROOT / "LICENSE").read_bytes()))


def man(folder: Path, _galaxy: str) -> list[Path]:
    """Generate the manual."""
    from kubectl_iamsa.version import core_version  # noqa: PLC0415

    return pages.write(folder / "man1", core_version())


def _build(kind: str, folder: Path) -> Path:
    build = [sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    pattern = "iamsa-*.whl" if kind == "wheel" else "iamsa-[0-9]*.tar.gz"
    return max(folder.glob(pattern), key=lambda path: path.stat().st_mtime)


def _collection(folder: Path, galaxy: str) -> Path:
    from gates.tree import build_tarball, copy_collection  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="iamsa-collection-") as made:
        tarball = build_tarball([galaxy], copy_collection(Path(made)), folder)
    collection.settle(tarball)
    return tarball


def _version(wheel: Path) -> str:
    return wheel.name.split("-")[1]


if __name__ == "__main__":
    sys.exit(main())
