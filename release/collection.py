"""Makes the tarball of the collection reproducible.

`ansible-galaxy collection build` records the time, and adds files in the order of the disk.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from release.archive import Member, read_tarball, write_tarball

FILES, MANIFEST = "FILES.json", "MANIFEST.json"


def settle(tarball: Path) -> None:
    """Rewrite the tarball with a sorted list of files, and update that list's checksum in the manifest."""
    members = {member.name: member for member in read_tarball(tarball)}
    files = json.loads(members[FILES].content or b"")
    files["files"].sort(key=lambda one: one["name"])
    listed = _document(files)
    manifest = json.loads(members[MANIFEST].content or b"")
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(listed).hexdigest()
    members[FILES] = Member(FILES, listed)
    members[MANIFEST] = Member(MANIFEST, _document(manifest))
    write_tarball(tarball, members.values())


def _document(content: object) -> bytes:
    return json.dumps(content, indent=1).encode()
