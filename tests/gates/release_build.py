"""`python -m release`, as make dist and make krew run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# Any time: the date of a page and of an archive's members.
EPOCH = "1767225600"


def build(root: Path, folder: Path, what: str, **options: object) -> None:
    """`python -m release` of the tree at `root`."""
    subprocess.run(
        [sys.executable, "-m", "release", what, str(folder)],
        cwd=root,
        env={
            **os.environ,
            "SOURCE_DATE_EPOCH": EPOCH,
            "PYTHONPATH": os.pathsep.join(str(root / part) for part in (".", "plugin", "tests")),
        },
        check=True,
        capture_output=True,
        timeout=300,
        **options,  # type: ignore[call-overload]
    )


def build_wheel(sources: Path, folder: Path) -> Path:
    """The wheel of these sources, in `folder`."""
    words = [
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        "--wheel",
        "--outdir",
        str(folder),
        str(sources),
    ]
    environ = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    subprocess.run(words, env=environ, check=True, capture_output=True, timeout=300)
    (wheel,) = folder.glob("*.whl")
    return wheel
