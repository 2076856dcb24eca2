# SPDX-License-Identifier: GPL-3.0-or-later

"""Find and read the files of manifests, as kubectl does."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ..errors import InvalidFile, InvalidValue, excerpt, quoted
from ..wording.text import Option, Sentence
from .reader import Source

# As in kubectl.
_EXTENSIONS = (".json", ".yaml", ".yml")
_URLS = ("http://", "https://")
_LARGEST = 64 * 1024 * 1024


def read_sources(path: str, field: Sentence, *, recursive: bool = False) -> Iterator[Source]:
    """The file at `path`, or the manifests of the folder, in the order of their names.

    Raises:
        InvalidValue: it is a URL.
        InvalidFile: a file or folder does not exist or cannot be read.
    """
    if path.lower().startswith(_URLS):
        raise InvalidValue(
            field, excerpt(path), "must not be a URL", remedy="download it and use the file's path"
        )
    if not path:
        raise InvalidValue(field, path, "must not be empty", remedy="name a file, a folder, or - for stdin")
    if not os.path.isdir(path):
        yield source_of(path, _read(path))
        return
    files = [*_files(path, recursive=recursive)]
    if not files:
        raise InvalidFile(
            f"folder {quoted(excerpt(path))} contains no {', '.join(f'*{one}' for one in _EXTENSIONS)}",
            remedy="check the path" if recursive else "check the path, or add " + Option("recursive"),
            resource=path,
        )
    for file in files:
        yield source_of(file, _read(file))


def source_of(path: str, raw: bytes) -> Source:
    """The source of a file that was read. Raises InvalidFile if it is not UTF-8."""
    return Source(path, decoded(raw, path), os.path.dirname(path))


def decoded(raw: bytes, name: str) -> str:
    """The text of a manifest. Raises InvalidFile if it is not UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InvalidFile(f"{name}:{line}: is not UTF-8", remedy="save it as UTF-8", resource=name) from None


def _files(folder: str, *, recursive: bool) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise _unreadable(folder, error) from None
    for entry in entries:
        if entry.is_dir():
            if recursive and not entry.is_symlink():
                yield from _files(entry.path, recursive=True)
        elif entry.name.lower().endswith(_EXTENSIONS):
            yield entry.path


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            raw = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    if len(raw) > _LARGEST:
        raise InvalidFile(
            f"manifest {quoted(excerpt(path))} is larger than 64 MiB",
            remedy="split it into several files",
            resource=path,
        )
    return raw


def _unreadable(path: str, error: OSError | ValueError) -> InvalidFile:
    if isinstance(error, FileNotFoundError):
        problem, remedy = "does not exist", "check the path"
    elif isinstance(error, PermissionError):
        problem, remedy = "cannot be read: permission denied", "make it readable"
    else:
        reason = (getattr(error, "strerror", None) or "invalid path").lower()
        problem, remedy = f"cannot be read: {reason}", "check the path"
    return InvalidFile(f"manifest {quoted(excerpt(path))} {problem}", remedy=remedy, resource=path)
