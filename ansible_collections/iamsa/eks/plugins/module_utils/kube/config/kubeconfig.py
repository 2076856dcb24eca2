# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads kubeconfig files by kubectl's rules: which files, and which of them wins.

Source: https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
Nothing of a file's content but the names in it ever reaches an error message.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ...deadline import Deadline
from ...errors import InvalidFile, Unlocated
from ...wording.text import Option, Sentence
from .files import read_limited, reason
from .options import ConnectionOptions
from .text import printable

_SECTIONS = {"contexts": "context", "clusters": "cluster", "users": "user"}
_OTHER_WAY = "give " + Option("cluster_name") + " and " + Option("region") + " to go without one"


@dataclass(frozen=True)
class Entry:
    """A named context, cluster or user, and the file that it stands in: relative paths start there."""

    value: Mapping[str, Any] = field(repr=False)
    file: Path


class Kubeconfig(NamedTuple):
    """One kubeconfig, or several merged."""

    files: tuple[Path, ...]
    current_context: str
    contexts: Mapping[str, Entry]
    clusters: Mapping[str, Entry]
    users: Mapping[str, Entry]

    @property
    def is_empty(self) -> bool:
        return not (self.contexts or self.clusters or self.users)


def read_kubeconfig(
    options: ConnectionOptions, environ: Mapping[str, str], deadline: Deadline
) -> Kubeconfig | None:
    """The kubeconfig that kubectl would use; None where there is none and nothing asks for one."""
    if options.kubeconfig:
        path = Path(options.kubeconfig)
        config = read_file(path, deadline)
        if config is None:
            raise InvalidFile(
                f"kubeconfig {printable(str(path))} does not exist",
                remedy="give " + Option("kubeconfig") + " a file that does, or " + _OTHER_WAY,
                resource=str(path),
            )
        if config.is_empty:
            raise InvalidFile(
                f"kubeconfig {printable(str(path))} names no cluster: it is empty",
                remedy="write it with aws eks update-kubeconfig, or " + _OTHER_WAY,
                resource=str(path),
            )
        return config
    config = merge(filter(None, (read_file(path, deadline) for path in _default_files(environ))))
    if not config.is_empty:
        return config
    if options.server:
        return config
    if options.context or options.cluster or options.user:
        raise no_kubeconfig(environ)
    return None


def no_kubeconfig(environ: Mapping[str, str]) -> Unlocated:
    """The error for a caller who needs a kubeconfig where `read_kubeconfig` found none."""
    files = _default_files(environ)
    looked_at = " and ".join(printable(str(path)) for path in files)
    return Unlocated(
        f"there is no kubeconfig: {looked_at} {'is' if len(files) == 1 else 'are'} missing or empty",
        remedy="run aws eks update-kubeconfig, name the file with "
        + Option("kubeconfig")
        + ", or "
        + _OTHER_WAY,
    )


def merge(configs: Iterable[Kubeconfig]) -> Kubeconfig:
    """All of them as one: of equal names the first wins, and so does the first current-context."""
    files: list[Path] = []
    current = ""
    sections: dict[str, dict[str, Entry]] = {section: {} for section in _SECTIONS}
    for config in configs:
        files += config.files
        current = current or config.current_context
        for section, entries in sections.items():
            for name, entry in getattr(config, section).items():
                entries.setdefault(name, entry)
    return Kubeconfig(files=tuple(files), current_context=current, **sections)


def read_file(path: Path, deadline: Deadline) -> Kubeconfig | None:
    """One kubeconfig file; None where it does not exist."""
    text = _read_text(path, deadline)
    return None if text is None else parse(text, path)


def parse(text: str, path: Path) -> Kubeconfig:
    """What a kubeconfig file says, with the shape of everything that has a name checked."""
    document = _load_yaml(text, path)
    if document is None:
        document = {}
    if not isinstance(document, dict):
        raise _wrong(path, "is not a mapping of fields", "it must hold clusters, users and contexts")
    if document.get("kind", "Config") != "Config":
        raise _wrong(
            path, "is no kubeconfig: its kind is not Config", "name another file with " + Option("kubeconfig")
        )
    current = document.get("current-context") or ""
    if not isinstance(current, str):
        raise _wrong(path, "has a current-context that is not a string", "put it in quotes")
    sections = {section: _named(document, section, path) for section in _SECTIONS}
    return Kubeconfig(files=(path,), current_context=current, **sections)


def _named(document: Mapping[str, Any], section: str, path: Path) -> dict[str, Entry]:
    kind = _SECTIONS[section]
    items = document.get(section)
    if items is None:
        return {}
    if not isinstance(items, list):
        raise _wrong(path, f"has a field {section} that is not a list", "each entry needs a name")
    entries: dict[str, Entry] = {}
    for number, item in enumerate(items, start=1):
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str) or not name:
            raise _wrong(path, f"has no name in entry {number} of {section}", "give it a name, as a string")
        value = item.get(kind)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise _wrong(path, f"has a {kind} {printable(name)} that is not a mapping", "write it again")
        if name in entries:
            raise _wrong(path, f"names {kind} {printable(name)} twice", "remove one of the two")
        entries[name] = Entry(value, path)
    return entries


def _default_files(environ: Mapping[str, str]) -> tuple[Path, ...]:
    named = [part for part in environ.get("KUBECONFIG", "").split(os.pathsep) if part]
    if named:
        return tuple(dict.fromkeys(map(Path, named)))
    home = environ.get("HOME") or os.path.expanduser("~")
    return (Path(home) / ".kube" / "config",)


def _read_text(path: Path, deadline: Deadline) -> str | None:
    try:
        return read_limited(path, "the kubeconfig", deadline).decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError:
        raise _wrong(path, "is a directory", "name the file itself") from None
    except UnicodeDecodeError:
        raise _wrong(path, "is not UTF-8 text", "write it again, or name another file") from None
    except (OSError, ValueError) as error:
        raise _wrong(
            path, f"cannot be read: {reason(error)}", "make it readable, or name another file"
        ) from None


def _load_yaml(text: str, path: Path) -> Any:
    import yaml  # noqa: PLC0415

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(text, loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise _wrong(path, f"is not valid YAML{place}", "mend it, or name another file") from None
    except (ValueError, RecursionError):
        raise _wrong(path, "is not valid YAML", "mend it, or name another file") from None


def _wrong(path: Path, problem: str, remedy: Sentence) -> InvalidFile:
    return InvalidFile(f"kubeconfig {printable(str(path))} {problem}", remedy=remedy, resource=str(path))
