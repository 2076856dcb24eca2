"""Interpreters that have just what is asked for, and nothing else of the tests' environment."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement


def bare_interpreter(folder: Path, *names: str) -> Path:
    """A Python in a new virtual environment, with the distributions `names` and all that they require.

    They are links to those of the running interpreter, so that nothing is downloaded.
    """
    venv.create(folder, symlinks=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = folder / "lib" / version / "site-packages"
    for found in _with_requirements(names):
        for entry in _entries(found):
            if not (packages / entry.name).exists():
                (packages / entry.name).symlink_to(entry)
    return folder / "bin" / "python"


def versions_of(python: Path, *packages: str) -> dict[str, str]:
    """The versions of what is installed beside `python`."""
    code = "import sys, importlib.metadata as m; print(*map(m.version, sys.argv[1:]))"
    told = subprocess.run([str(python), "-c", code, *packages], check=True, capture_output=True, text=True)
    return dict(zip(packages, told.stdout.split(), strict=True))


def clean_environ(**more: str) -> dict[str, str]:
    """The environment without a setting of Python, Ansible, AWS or Kubernetes, and with `more`."""
    others = ("PYTHON", "ANSIBLE", "AWS", "KUBE", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(others)} | more


def _with_requirements(names: tuple[str, ...]) -> Iterator[Distribution]:
    waiting, seen = list(names), set[str]()
    while waiting:
        found = distribution(waiting.pop())
        if found.name not in seen:
            seen.add(found.name)
            yield found
            required = [Requirement(line) for line in found.requires or ()]
            waiting += [
                one.name for one in required if one.marker is None or one.marker.evaluate({"extra": ""})
            ]


def _entries(found: Distribution) -> set[Path]:
    """The distribution's files and folders that stand in site-packages itself."""
    tops = {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}
    return {Path(str(found.locate_file(top))) for top in tops}
