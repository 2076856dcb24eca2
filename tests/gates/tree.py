"""A copy of the collection where Ansible's tools look for one: in a folder `ansible_collections/iamsa/eks`.

It has what git has or would add, so that caches and leftovers of other runs are neither tested nor shipped.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = Path("ansible_collections/iamsa/eks")


def sources(place: Path = Path()) -> list[str]:
    """The files below `place` that git has or would add, as paths from the repository's root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", str(place)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [name for name in filter(None, listed.stdout.split("\0")) if (ROOT / name).is_file()]


def copy_collection(folder: Path) -> Path:
    """Where the copy stands below `folder`, which is then a COLLECTIONS_PATH."""
    for name in sources(PLACE):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder / PLACE


def build_tarball(galaxy: Sequence[str], collection: Path, folder: Path) -> Path:
    """The artifact that `ansible-galaxy collection build` makes of the collection, in `folder`.

    `galaxy` are the words that start ansible-galaxy.
    """
    subprocess.run(
        [*galaxy, "collection", "build", "--force", "--output-path", str(folder), str(collection)],
        check=True,
        capture_output=True,
        text=True,
    )
    (tarball,) = folder.glob("iamsa-eks-*.tar.gz")
    return tarball
