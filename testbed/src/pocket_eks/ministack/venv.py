"""The virtual environment of ministack, in the user's cache. Its dependencies conflict with ours."""

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
SCRATCH = "new-"  # prefix of the directories in which environments are created


def find_python() -> Path:
    """Return the Python that has REQUIREMENTS. Concurrent worlds install them once.

    Raises:
        WorldError: they cannot be installed.
    """
    directory = cache_directory() / "ministack"
    directory.mkdir(exist_ok=True)
    target = directory / environment_name()
    python = target / "bin" / "python"
    # A link to the interpreter, which is broken if that interpreter was uninstalled.
    if not python.exists():
        with locked(directory, "installs ministack"):
            if not python.exists():
                install(directory, target)
    return python


def environment_name() -> str:
    """Return a name that depends on the requirements and the Python."""
    content = f"{sys.version_info[:2]} {sys.base_prefix}\n{REQUIREMENTS.read_text()}"
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def install(directory: Path, target: Path) -> None:
    """Create the environment `target` in `directory`. It is complete or does not exist.

    The caller holds a lock on `directory`.

    Raises:
        WorldError: pip failed.
    """
    for leftover in directory.glob(f"{SCRATCH}*"):
        remove(leftover)
    remove(target)
    say("installing ministack from PyPI into your cache (once, about half a minute)")
    scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=directory))
    try:
        made = scratch / "made"
        run([sys.executable, "-m", "venv", str(made)])
        pip = [str(made / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--no-cache-dir", "--requirement", str(REQUIREMENTS)])
        # The directory can be moved because only its python is used. Its scripts would not work.
        made.rename(target)
    finally:
        remove(scratch)


def run(words: list[str]) -> None:
    """Run a command.

    Raises:
        WorldError: the command failed. The message has the end of its output.
    """
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join(f"  {line}" for line in (done.stdout + done.stderr).splitlines()[-10:])
        raise WorldError(f"installing ministack failed with code {done.returncode}:\n{tail}")
