"""The virtual environment of ministack, in the user's cache: its dependencies and ours exclude each other."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from pocket_eks.build import remove, say
from pocket_eks.cache import cache_directory, locked
from pocket_eks.errors import WorldError

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
SCRATCH = "new-"  # prefix of the directories that environments are made in


def find_python() -> Path:
    """The Python that has REQUIREMENTS. Made once a machine; worlds that start together make it once.

    WorldError: they cannot be installed.
    """
    directory = cache_directory() / "ministack"
    directory.mkdir(exist_ok=True)
    target = directory / environment_name()
    python = target / "bin" / "python"
    # A link to the interpreter: it dangles where that one has been uninstalled since.
    if not python.exists():
        with locked(directory, "installs ministack"):
            if not python.exists():
                install(directory, target)
    return python


def environment_name() -> str:
    """Differs for other requirements and another Python."""
    content = f"{sys.version_info[:2]} {sys.base_prefix}\n{REQUIREMENTS.read_text()}"
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def install(directory: Path, target: Path) -> None:
    """Make `target`, in `directory`, whole or not at all. The caller holds a lock on `directory`.

    WorldError: pip fails, and why.
    """
    for leftover in directory.glob(f"{SCRATCH}*"):
        remove(leftover)
    remove(target)
    say("installing ministack from PyPI into your cache: half a minute, once")
    scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=directory))
    try:
        made = scratch / "made"
        run([sys.executable, "-m", "venv", str(made)])
        pip = [str(made / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--no-cache-dir", "--requirement", str(REQUIREMENTS)])
        # Only its python is used, which finds its packages wherever it stands; its scripts would not.
        made.rename(target)
    finally:
        remove(scratch)


def run(words: list[str]) -> None:
    """WorldError: it failed; the text has the end of its output."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join(f"  {line}" for line in (done.stdout + done.stderr).splitlines()[-10:])
        raise WorldError(f"installing ministack failed with code {done.returncode}:\n{tail}")
