"""The collection's tarball, the same bytes each time.

`ansible-galaxy collection build` notes the time, and takes files as the disk lists them.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from release.archive import Member, read_tarball, write_tarball

FILES, MANIFEST = "FILES.json", "MANIFEST.json"


def settle(tarball: Path) -> None:
    """Write it again with its list of files in order; the checksum of that list stands in the manifest."""
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
