"""`python -m gates [NAME …]`: runs the gates, or those whose names begin with a NAME; 1 if any fails."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gates.bootstrap import put_in_place
from gates.checks import BIN, GATES, Gate
from gates.tree import build_tarball, copy_collection


def main(names: list[str]) -> int:
    """Every gate is run, whatever became of those before it."""
    wanted = [gate for gate in GATES if not names or any(gate.name.startswith(name) for name in names)]
    if not wanted:
        print(
            f"no gate is called {' '.join(names)}: there are {', '.join(g.name for g in GATES)}",
            file=sys.stderr,
        )
        return 2
    with tempfile.TemporaryDirectory(prefix="iamsa-gates-") as made:
        folder = Path(made)
        collection = copy_collection(folder)
        tarball = build_tarball((str(BIN / "ansible-galaxy"),), collection, folder)
        passed = [_passes(gate, collection, tarball) for gate in wanted]
    print(f"{sum(passed)} passed, {len(passed) - sum(passed)} failed")
    return 0 if all(passed) else 1


def _passes(gate: Gate, collection: Path, tarball: Path) -> bool:
    began = time.monotonic()
    code, output = _run(gate, collection, tarball)
    if code and put_in_place(output):
        code, output = _run(gate, collection, tarball)
    offences = gate.offences(output)
    passed = code == 0 and not offences
    if not passed:
        print(output, end="" if output.endswith("\n") else "\n")
    for line in offences if code == 0 else ():
        print(f"not allowed: {line}")
    print(f"{'ok' if passed else 'FAILED':7} {gate.name} ({time.monotonic() - began:.0f} s)", flush=True)
    return passed


def _run(gate: Gate, collection: Path, tarball: Path) -> tuple[int, str]:
    values = {"tarball": tarball, "folder": collection.parents[2]}
    words = [word.format_map(values) for word in gate.words]
    environ = {
        **os.environ,
        **{name: value.format_map(values) for name, value in gate.environ.items()},
        "ANSIBLE_COLLECTIONS_PATH": str(collection.parents[2]),
        # The programs start each other by name, and wrappers of Python as pyenv has them mislead them.
        "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]]),
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        words,
        cwd=collection / gate.place,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
