# SPDX-License-Identifier: GPL-3.0-or-later

"""Typed look into one entry of a kubeconfig: every error names the file, the entry and the field."""

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
    """The fields of one entry; `owner` names it: `user alice`."""

    owner: str
    file: Path
    values: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, kind: str, name: str, entry: Entry) -> Fields:
        return cls(owner=f"{kind} {printable(name)}", file=entry.file, values=entry.value)

    def wrong(self, problem: str, remedy: Sentence) -> InvalidFile:
        return InvalidFile(
            f"kubeconfig {printable(str(self.file))}: {self.owner} {problem}",
            remedy=remedy,
            resource=str(self.file),
        )

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.wrong(f"has a field {name} that is not a string", "put it in quotes")
        return value

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(f"has a field {name} that is neither true nor false", "write true or false")
        return bool(value)

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(f"has a field {name} that is not a list of strings", "write it as such")
        return tuple(value)

    def section(self, name: str) -> Fields | None:
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.wrong(f"has a field {name} that is not a mapping", "write it as such")
        return Fields(owner=f"{self.owner}, {name},", file=self.file, values=value)

    @property
    def folder(self) -> Path:
        """The folder of the kubeconfig, absolute: a file `kc` of the current folder names none."""
        return Path(os.path.abspath(self.file)).parent

    def path(self, name: str) -> Path | None:
        """A path, taken from the folder of the kubeconfig where it is relative."""
        text = self.text(name)
        return self.folder / text if text else None

    def content(self, name: str, deadline: Deadline) -> bytes:
        """What `name`-data holds in base64, else what the file in `name` holds, else nothing."""
        encoded = self.text(f"{name}-data")
        if encoded:
            try:
                return base64.b64decode("".join(encoded.split()), validate=True)
            except (binascii.Error, ValueError):
                raise self.wrong(f"has a {name}-data that is not base64", "write the entry again") from None
        path = self.path(name)
        if not path:
            return b""
        return read_bytes(
            path, f"kubeconfig {printable(str(self.file))}: the {name} of {self.owner}", deadline
        )
