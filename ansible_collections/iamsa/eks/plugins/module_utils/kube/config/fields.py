# SPDX-License-Identifier: GPL-3.0-or-later

"""Typed access to one entry of a kubeconfig. Every error names the file, the entry and the field."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...deadline import Deadline
from ...errors import InvalidFile
from ...wording.text import Sentence
from .files import read_bytes
from .kubeconfig import Entry
from .text import printable


@dataclass(frozen=True)
class Fields:
    """The fields of one entry; `owner` names it, such as `user alice`.

    Every method that reads a field raises InvalidFile if its value is not valid.
    """

    owner: str
    file: Path
    values: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, kind: str, name: str, entry: Entry) -> Fields:
        """Return the fields of a named context, cluster or user."""
        return cls(owner=f"{kind} {printable(name)}", file=entry.file, values=entry.value)

    def wrong(self, problem: str, remedy: Sentence) -> InvalidFile:
        """Return an error; `problem` is a predicate, such as `has no server`."""
        return InvalidFile(
            f"kubeconfig {printable(str(self.file))}: {self.owner} {problem}",
            remedy=remedy,
            resource=str(self.file),
        )

    def text(self, name: str) -> str:
        """Return a string, or "" if the field is missing."""
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.wrong(f"has a field {name} that is not a string", "put it in quotes")
        return value

    def flag(self, name: str) -> bool:
        """Return a boolean, or False if the field is missing."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(f"has a field {name} that is not a boolean", "set it to true or false")
        return bool(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings, or () if the field is missing."""
        value = self.values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(
                f"has a field {name} that is not a list of strings", "write it as a list of strings"
            )
        return tuple(value)

    def section(self, name: str) -> Fields | None:
        """Return a mapping as fields of its own, or None if the field is missing."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.wrong(f"has a field {name} that is not a mapping", "write it as a mapping")
        return Fields(owner=f"{name} of {self.owner}", file=self.file, values=value)

    @property
    def folder(self) -> Path:
        """The folder of the kubeconfig, absolute even if the kubeconfig was given by a relative path."""
        return Path(os.path.abspath(self.file)).parent

    def path(self, name: str) -> Path | None:
        """Return a path, resolved against the kubeconfig's folder; None if the field is missing."""
        text = self.text(name)
        return self.folder / text if text else None

    def content(self, name: str, deadline: Deadline) -> bytes:
        """Return the decoded `NAME-data`, or else the content of the file in `NAME`, or else b"".

        Raises:
            InvalidFile: the data is not base64, or the file cannot be read.
            TimedOut: the file could not be read in time.
        """
        encoded = self.text(f"{name}-data")
        if encoded:
            try:
                return base64.b64decode("".join(encoded.split()), validate=True)
            except (binascii.Error, ValueError):
                raise self.wrong(f"has a {name}-data that is not base64", "recreate the entry") from None
        path = self.path(name)
        if not path:
            return b""
        return read_bytes(
            path, f"the {name} of {self.owner} in kubeconfig {printable(str(self.file))}", deadline
        )
