"""The program under test, for worlds. Run as a file, it is tests/world: a world that has the program."""

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
    """Return a directory with links to the installed COMMANDS, for the PATH of a world.

    The directory in which they are installed would put its python and ansible-playbook before the caller's.
    """
    scripts = Path(sys.executable).parent
    links = ROOT / "build" / "commands" / sha256(bytes(scripts)).hexdigest()[:16]
    links.mkdir(parents=True, exist_ok=True)
    for name in COMMANDS:
        if (scripts / name).exists():
            # Another process may create it concurrently.
            with suppress(FileExistsError):
                (links / name).symlink_to(scripts / name)
    return links


if __name__ == "__main__":
    place = Path(os.environ.get("IAMSA_WORLD") or ROOT / ".world")
    sys.exit(main(["--path", str(folder()), *sys.argv[1:]], program="tests/world", directory=place))
