# SPDX-License-Identifier: GPL-3.0-or-later

"""The policies of a manifest: names, ARNs, files in its folder, and documents."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from ..errors import InvalidFile, InvalidValue, excerpt, quoted
from ..policy.files import parse_document, read_policies
from ..policy.reference import PolicyFile, classify
from ..policy.yaml_nodes import Node
from ..request.request import Policy
from ..wording.text import Option
from .place import Fault, Place


class Folder:
    """The folder that policy files are relative to; they must be in it unless `allow_outside`."""

    def __init__(self, path: str, *, allow_outside: bool) -> None:
        self._path = path
        self._allow_outside = allow_outside

    def path_of(self, file: str, place: Place) -> str:
        """The path to open. Raises Fault if it is not in the folder."""
        path = os.path.join(self._path or ".", file)
        if not self._allow_outside and not _is_in(path, self._path or "."):
            raise place.fault(
                f"{quoted(excerpt(file))} is not in the folder of the manifest",
                "move the file, or add " + Option("allow_outside"),
            )
        return path


def read_manifest_policies(
    policies: Node, folder: Folder, place: Place
) -> Iterator[tuple[Policy | None, Fault | None]]:
    """Each policy as a request names it, or what is wrong with it."""
    for number, policy in enumerate(policies.value):
        where = place.element(number, policy.line)
        try:
            yield _policy(policy, folder, where), None
        except Fault as fault:
            yield None, fault
        except InvalidValue as error:
            yield None, fault_of(error, where)
        except InvalidFile as error:
            yield None, where.fault(error.problem, error.remedy)


def fault_of(error: InvalidValue, place: Place) -> Fault:
    """The error of a value as a fault at its place."""
    return place.fault(f"invalid value {quoted(error.value)}: " + error.predicate, error.remedy)


def _policy(policy: Node, folder: Folder, place: Place) -> Policy:
    value: Any = policy.plain()
    if isinstance(value, str):
        if isinstance(classify(value), PolicyFile):
            raise place.fault(
                f"invalid value {quoted(excerpt(value))}: must be the name or ARN of a managed policy",
                f"for a file, write {{file: {excerpt(value)}}}",
            )
        return value
    if "file" in value:
        path = folder.path_of(value["file"], place.field("file", policy.value["file"].line))
        # A file:// URL, because a file may have any name here.
        typed = f"file://{path}"
        read_policies([typed])
        return typed
    parse_document(value["name"], value["document"], place.path)
    return {"name": value["name"], "document": value["document"]}


def _is_in(path: str, folder: str) -> bool:
    real, base = os.path.realpath(path), os.path.realpath(folder)
    return os.path.commonpath([real, base]) == base
