"""`make test-versions`: the wheel on each Python that is there, with the lowest and the highest versions of
what it needs that its metadata allows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from pocket_eks.cache import cache_directory

from gates.bare import versions_of
from gates.release_build import build_wheel
from gates.tree import ROOT

PYTHONS = ("3.10", "3.11", "3.12", "3.13")
# All that runs without a world, and in one: a first run, proof, and the way back.
TESTS = (
    *("tests/unit", "tests/adapters", "tests/apiserver", "tests/e2e/test_first_run.py"),
    *("tests/e2e/test_verify.py", "tests/e2e/test_delete.py"),
)
# Where there is an ansible-core for the Python: the collection's module for one ServiceAccount, under it.
ANSIBLE_TESTS = ("tests/collection/test_service_account.py",)


@dataclass(frozen=True)
class Result:
    """How the tests ended under one Python with one end of the versions."""

    python: str
    end: str
    versions: str
    last_line: str
    ok: bool
    seconds: float


def main(only: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="iamsa-versions-") as made:
        wheel = build_wheel(ROOT, Path(made))
        results = [
            _tried(python, version, end, wheel)
            for version, python in interpreters()
            for end in ("lowest", "highest")
            if not only or {version, end} & set(only)
        ]
    for one in results:
        print(f"Python {one.python}  {one.end:8}  {one.seconds:4.0f} s  {one.versions:50}  {one.last_line}")
    return 0 if results and all(one.ok for one in results) else 1


def interpreters(versions: Sequence[str] = PYTHONS) -> Iterator[tuple[str, Path]]:
    """Real ones: pyenv's shims choose by the folder they are in."""
    for version in versions:
        folders = [*sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin"), reverse=True)]
        folders += [Path(part) for part in os.environ["PATH"].split(os.pathsep) if "shims" not in part]
        found = next((python for one in folders if _runs(python := one / f"python{version}")), None)
        if found:
            yield version, found
        else:
            print(f"there is no Python {version} here", file=sys.stderr)


def _runs(python: Path) -> bool:
    """What is on PATH may be a stand-in for a Python that is not there."""
    return (
        python.exists()
        and not subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode
    )


def required(extra: str = "", python: str = "") -> list[str]:
    """What iamsa's metadata requires, or what an extra does besides; on this Python, or on another."""
    environment = {"extra": extra, **({"python_version": python} if python else {})}
    return [
        str(one).partition(";")[0].strip()
        for one in map(Requirement, requires("iamsa") or ())
        if bool(extra) == ("extra ==" in str(one.marker))
        and (one.marker is None or one.marker.evaluate(environment))
    ]


def lowest(requirements: Sequence[str]) -> list[str]:
    """Constraints that hold each to the lowest version that it allows."""
    found = (re.match(r"([\w-]+).*?>=([\w.]+)", requirement) for requirement in requirements)
    return [f"{match[1]}=={match[2]}" for match in found if match]


def _tried(python: Path, version: str, end: str, wheel: Path) -> Result:
    print(f"Python {version} with the {end} versions...", file=sys.stderr, flush=True)
    begun = time.monotonic()
    folder = cache_directory("iamsa") / "versions" / f"{version}-{end}"
    ansible = required("ansible", python=version)
    needed = [*required(python=version), *ansible]
    new = _installed(folder, python, end, wheel, needed)
    names = [re.split(r"[><=!]", requirement)[0] for requirement in needed]
    told = ", ".join(f"{name} {version}" for name, version in versions_of(new, *names).items())
    done = subprocess.run(
        # Not python -m pytest: the wheel is tried, and not the tree.
        [
            str(new.with_name("pytest")),
            "-q",
            "-n",
            "2",
            "--dist",
            "loadscope",
            "-o",
            "pythonpath=tests",
            *TESTS,
            *(ANSIBLE_TESTS if ansible else ()),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout[-20000:], done.stderr[-2000:], file=sys.stderr)
    lines = done.stdout.strip().splitlines() or ["nothing was printed"]
    return Result(version, end, told, lines[-1], done.returncode == 0, time.monotonic() - begun)


def _installed(folder: Path, python: Path, end: str, wheel: Path, needed: Sequence[str]) -> Path:
    subprocess.run([str(python), "-m", "venv", "--clear", str(folder)], check=True)
    new = folder / "bin" / "python"
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(lowest(needed) if end == "lowest" else []))
    tests = ["pytest", "pytest-xdist", "hypothesis", "argparse-manpage"]
    pip = [str(new), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", str(constraints)]
    subprocess.run([*pip, str(wheel), *needed, *tests, str(ROOT / "testbed")], check=True)
    return new


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
