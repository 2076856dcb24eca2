"""The program under test, for worlds; and, run as a file, what tests/world is: a world that has it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from pocket_eks.cli import main

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = ("kubectl-iamsa", "kubectl_complete-iamsa")


def folder() -> Path:
    """A directory with what is installed beside this Python of COMMANDS, for a world's PATH.

    Not the one that they are in: its python and its ansible-playbook would come before the caller's.
    """
    scripts = Path(sys.executable).parent
    links = ROOT / "build" / "commands" / sha256(bytes(scripts)).hexdigest()[:16]
    links.mkdir(parents=True, exist_ok=True)
    for name in COMMANDS:
        if (scripts / name).exists():
            # Others may be at it as well.
            with suppress(FileExistsError):
                (links / name).symlink_to(scripts / name)
    return links


if __name__ == "__main__":
    place = Path(os.environ.get("IAMSA_WORLD") or ROOT / ".world")
    sys.exit(main(["--path", str(folder()), *sys.argv[1:]], program="tests/world", directory=place))
