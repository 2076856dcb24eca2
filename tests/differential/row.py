"""A kubeconfig with flags that kubectl and iamsa are given alike, and whether they may differ."""

from __future__ import annotations

import copy
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

Json = dict[str, Any]
V1, V1BETA1 = "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"


@dataclass(frozen=True)
class Sample:
    """A kubeconfig that works: one context with a token, and files beside it."""

    document: Json
    folder: Path

    @property
    def cluster(self) -> Json:
        return dict_of(self.document["clusters"][0], "cluster")

    @property
    def user(self) -> Json:
        return dict_of(self.document["users"][0], "user")

    @property
    def context(self) -> Json:
        return dict_of(self.document["contexts"][0], "context")

    @property
    def name(self) -> str:
        """That of the cluster, the user and the context."""
        return str(self.document["current-context"])

    def copy(self) -> Sample:
        return Sample(copy.deepcopy(self.document), self.folder)

    def text(self) -> str:
        return yaml.safe_dump(self.document)

    def plugin(self, status: str = '"token": "$TOKEN"', before: str = "", version: str = V1BETA1) -> Json:
        """Return the exec section of a new program that prints a credential."""
        path = self.folder / "plugin"
        status = status.replace("$TOKEN", self.user["token"])
        printed = f'{{"kind": "ExecCredential", "apiVersion": "{version}", "status": {{{status}}}}}'
        path.write_text(f"#!/bin/sh\n{before}\nprintf %s {shlex.quote(printed)}\n")
        path.chmod(0o755)
        return {"apiVersion": version, "command": str(path), "interactiveMode": "Never"}


def dict_of(entry: Json, kind: str) -> Json:
    found: Json = entry[kind]
    return found


@dataclass(frozen=True)
class Row:
    """`change` returns the content of the kubeconfig, or changes the sample's document and returns None.

    In flags and variables, @ is the path of the kubeconfig, and $NAME, $SERVER, $TOKEN and $FOLDER are the
    sample's. `differs` is the reason why iamsa and kubectl do not do the same.
    """

    name: str
    change: Callable[[Sample], object] = lambda _sample: None
    flags: str = ""
    environ: Mapping[str, str] = field(default_factory=dict)
    differs: str = ""

    def write(self, sample: Sample) -> Path:
        """Write the kubeconfig and return its path."""
        mine = sample.copy()
        content = self.change(mine)
        path = sample.folder / "config"
        if not isinstance(content, str | bytes):
            content = mine.text()
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def words(self, sample: Sample) -> list[str]:
        """Return the flags."""
        return [fill(word, sample) for word in shlex.split(self.flags)]

    def variables(self, sample: Sample) -> dict[str, str]:
        """Return the environment variables, KUBECONFIG at least."""
        return {name: fill(value, sample) for name, value in {"KUBECONFIG": "@", **self.environ}.items()}


def fill(word: str, sample: Sample) -> str:
    """Replace the placeholders of a word."""
    values = {
        "@": str(sample.folder / "config"),
        "$NAME": sample.name,
        "$SERVER": sample.cluster["server"],
        "$TOKEN": sample.user["token"],
        "$FOLDER": str(sample.folder),
    }
    for name, value in values.items():
        word = word.replace(name, value)
    return word


def cluster(name: str, differs: str = "", **fields: Any) -> Row:
    """Return a row with these fields of the cluster; None deletes one, and _ stands for -."""
    return Row(name, lambda sample: put(sample.cluster, fields), differs=differs)


def user(name: str, differs: str = "", **fields: Any) -> Row:
    """Return a row with these fields of the user in addition to the token; None deletes one."""
    return Row(name, lambda sample: put(sample.user, fields), differs=differs)


def context(name: str, differs: str = "", **fields: Any) -> Row:
    """Return a row with these fields of the context; None deletes one."""
    return Row(name, lambda sample: put(sample.context, fields), differs=differs)


def top(name: str, differs: str = "", **fields: Any) -> Row:
    """Return a row with these fields of the kubeconfig; None deletes one."""
    return Row(name, lambda sample: put(sample.document, fields), differs=differs)


def put(section: Json, fields: Mapping[str, Any]) -> None:
    """Set the fields of a section, with dashes for underscores; delete those that are None."""
    for name, value in fields.items():
        key = name.rstrip("_").replace("_", "-")
        if value is None:
            section.pop(key, None)
        else:
            section[key] = value


def table(rows: Iterable[Row]) -> list[Any]:
    """Return the parameters of a pytest test."""
    return [pytest.param(row, id=row.name) for row in rows]
