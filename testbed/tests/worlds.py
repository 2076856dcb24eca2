"""pocket-eks as a user calls it, and what is left of a world."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WORLD = Path(sys.executable).with_name("pocket-eks")
# Says where the world is and when it can be disturbed, then takes a moment to end, as a test suite may.
PATIENT = """
trap 'echo got INT; sleep 0.3; exit 41' INT
trap 'echo got TERM; sleep 0.3; exit 42' TERM
echo "$KUBECONFIG"
while :; do sleep 0.05; done
"""


def run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [WORLD, *words], env=os.environ | environ, capture_output=True, text=True, timeout=120, check=False
    )


@contextmanager
def started(script: str, *options: str) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A world with a shell script in it that prints $KUBECONFIG once it is ready, and its directory."""
    with subprocess.Popen(
        [WORLD, *options, "--", "sh", "-c", script], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            directory = Path(process.stdout.readline().strip()).parent
            assert directory.name.startswith("pocket-eks-")
            yield process, directory
        finally:
            process.kill()


def processes(directory: Path) -> list[str]:
    """Those with the world's directory in their environment: its servers, the command and its children."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"{directory}".encode() in (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes():
                found.append((entry / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def assert_gone(directory: Path, within: float = 0) -> None:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and (processes(directory) or directory.exists()):
        time.sleep(0.05)
    assert not processes(directory)
    assert not directory.exists()
