"""Archives whose bytes depend only on their content and SOURCE_DATE_EPOCH."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Member:
    """A file of an archive, or a directory, which has no content."""

    name: str
    content: bytes | None
    executable: bool = False


def epoch() -> int:
    """Return the time of reproducible builds in seconds.

    Source: https://reproducible-builds.org/specs/source-date-epoch/
    """
    return int(os.environ["SOURCE_DATE_EPOCH"])


def write_tarball(path: Path, members: Iterable[Member]) -> None:
    """Write a .tar.gz of the members, sorted by name."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for member in sorted(members, key=lambda one: one.name):
            entry = tarfile.TarInfo(member.name)
            entry.mode = 0o755 if member.executable else 0o644
            entry.mtime = epoch()
            if member.content is None:
                entry.type = tarfile.DIRTYPE
                tar.addfile(entry)
            else:
                entry.size = len(member.content)
                tar.addfile(entry, io.BytesIO(member.content))
    with path.open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=epoch()) as zipped:
        zipped.write(raw.getvalue())


def read_tarball(path: Path) -> list[Member]:
    """Return the files and directories of a tarball."""
    with tarfile.open(path) as tar:
        return [
            Member(entry.name, _content(tar, entry), bool(entry.mode & 0o100))
            for entry in tar.getmembers()
            if entry.isfile() or entry.isdir()
        ]


def _content(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes | None:
    file = tar.extractfile(entry)
    return file.read() if file else None
