"""krew itself, to install with as users do."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from pocket_eks.build import SCRATCH, go_environment, go_program, remove
from pocket_eks.cache import cache_directory, locked

MODULE = "sigs.k8s.io/krew/cmd/krew@v0.4.3"


def find_krew() -> Path:
    """Built once, in a minute, into the user's cache. WorldError: there is no Go, and none can be had.

    Source: https://krew.sigs.k8s.io/docs/developer-guide/testing-locally/
    """
    target = cache_directory("iamsa") / "krew" / MODULE.rpartition("@")[2] / "krew"
    target.parent.mkdir(parents=True, exist_ok=True)
    with locked(target.parent, "builds krew"):
        if not target.exists():
            _build(target)
    return target


def _build(target: Path) -> None:
    scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=target.parent))
    try:
        env = go_environment(scratch)
        words = [go_program(scratch, env), "install", "-trimpath", MODULE]
        subprocess.run(words, env=env | {"GOBIN": str(scratch / "bin")}, check=True, capture_output=True)
        (scratch / "bin/krew").rename(target)
    finally:
        remove(scratch)
