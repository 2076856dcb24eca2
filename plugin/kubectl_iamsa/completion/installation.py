"""Installs the program that kubectl runs for completion, if no package manager installed it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidFile, InvalidValue, Refused

NAME, PLUGIN = "kubectl_complete-iamsa", "kubectl-iamsa"
# The name that kubectl looks for.
ASKED_BY = "__complete"
SCRIPT = f"""\
#!/bin/sh
# Written by kubectl iamsa completion install.
exec {PLUGIN} {ASKED_BY} "$@"
"""
# Text in files that iamsa may overwrite: this script, and the one that pip writes.
_OURS = ("Written by kubectl iamsa completion install", "kubectl_iamsa.completion")


def install(directory: str | None, environ: Mapping[str, str], *, force: bool) -> tuple[Path, bool]:
    """Return the path of the file, and whether this call wrote it.

    Raises:
        InvalidValue, InvalidFile: the directory does not exist, or cannot be written to.
        Refused: iamsa did not write the existing file of that name.
    """
    path = _directory(directory, environ) / NAME
    there = _content(path)
    if there is not None and any(mark in there for mark in _OURS):
        return path, False
    if there is not None and not force:
        raise Refused(
            f"{path} already exists and was not written by iamsa", remedy="add --force to overwrite it"
        )
    new = path.with_name(f".{NAME}.{os.getpid()}")
    try:
        new.write_text(SCRIPT)
        new.chmod(0o755)
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise InvalidFile(
            f"{path} cannot be written: {(error.strerror or 'unknown reason').lower()}",
            remedy="use --directory with another directory of PATH",
            resource=str(path),
        ) from None
    return path, True


def _directory(given: str | None, environ: Mapping[str, str]) -> Path:
    if given is not None:
        if not given or not Path(given).is_dir():
            raise InvalidValue(
                "--directory", given, "must be a directory that exists", remedy="use a directory of PATH"
            )
        return Path(given)
    found = shutil.which(PLUGIN, path=environ.get("PATH"))
    if not found:
        raise InvalidFile(f"{PLUGIN} is not on PATH", remedy="use --directory with a directory of PATH")
    return Path(found).parent


def _content(path: Path) -> str | None:
    try:
        return path.read_text(errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InvalidFile(
            f"{path} cannot be read: {(error.strerror or 'unknown reason').lower()}",
            remedy="use --directory with another directory of PATH",
            resource=str(path),
        ) from None
