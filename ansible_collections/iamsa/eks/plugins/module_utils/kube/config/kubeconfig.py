# SPDX-License-Identifier: GPL-3.0-or-later

"""Find, read and merge kubeconfig files by kubectl's rules.

Error messages show only the names in a file, never any other content.
Source: https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
"""

from __future__ import annotations

import codecs
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
_OTHER_WAY = "specify " + Option("cluster_name") + " and " + Option("region") + " to connect without one"


@dataclass(frozen=True)
class Entry:
    """A named context, cluster or user, and the file that contains it, to which its paths are relative."""

    value: Mapping[str, Any] = field(repr=False)
    file: Path


class Kubeconfig(NamedTuple):
    """One kubeconfig, or several merged; entries by name."""

    files: tuple[Path, ...]
    current_context: str
    contexts: Mapping[str, Entry]
    clusters: Mapping[str, Entry]
    users: Mapping[str, Entry]

    @property
    def is_empty(self) -> bool:
        """Whether there are no contexts, clusters and users."""
        return not (self.contexts or self.clusters or self.users)


def read_kubeconfig(
    options: ConnectionOptions, environ: Mapping[str, str], deadline: Deadline
) -> Kubeconfig | None:
    """Return the kubeconfig that kubectl would use; None if none exists and no option requires one.

    Raises:
        InvalidFile: a file is not a valid kubeconfig, or the file of --kubeconfig is missing or empty.
        Unlocated: an option names a context, cluster or user, and there is no kubeconfig.
        TimedOut: a file could not be read in time.
    """
    if options.kubeconfig:
        path = Path(options.kubeconfig)
        config = read_file(path, deadline)
        if config is None:
            raise InvalidFile(
                f"kubeconfig {printable(str(path))} does not exist",
                remedy="specify an existing file with " + Option("kubeconfig") + ", or " + _OTHER_WAY,
                resource=str(path),
            )
        if config.is_empty:
            raise InvalidFile(
                f"kubeconfig {printable(str(path))} has no contexts, clusters or users",
                remedy="create it with aws eks update-kubeconfig, or " + _OTHER_WAY,
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
    """Return the error for a caller that requires a kubeconfig after `read_kubeconfig` found none."""
    files = _default_files(environ)
    looked_at = " and ".join(printable(str(path)) for path in files)
    return Unlocated(
        f"no kubeconfig found: {looked_at} {'is' if len(files) == 1 else 'are'} missing or empty",
        remedy="run aws eks update-kubeconfig, specify a file with "
        + Option("kubeconfig")
        + ", or "
        + _OTHER_WAY,
    )


def merge(configs: Iterable[Kubeconfig]) -> Kubeconfig:
    """Merge kubeconfigs: the first entry of a name and the first current-context take precedence."""
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
    """Read a kubeconfig file; None if it does not exist.

    Raises:
        InvalidFile: it cannot be read, or is not a kubeconfig.
        TimedOut: it was not read to its end within the run's time.
    """
    text = _read_text(path, deadline)
    return None if text is None else parse(text, path)


def parse(text: str, path: Path) -> Kubeconfig:
    """Parse the text of a kubeconfig, and validate the structure of all named entries.

    Raises:
        InvalidFile: it is not a kubeconfig.
    """
    document = _load_yaml(text, path)
    if document is None:
        document = {}
    if not isinstance(document, dict):
        raise _wrong(path, "is not a YAML mapping", "it must contain clusters, users and contexts")
    if document.get("kind", "Config") != "Config":
        raise _wrong(
            path,
            "is not a kubeconfig: its kind is not Config",
            "specify another file with " + Option("kubeconfig"),
        )
    if document.get("apiVersion") not in (None, "", "v1"):
        raise _wrong(
            path,
            "has an apiVersion other than v1",
            "set it to v1, or specify another file with " + Option("kubeconfig"),
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
        raise _wrong(path, f"has a field {section} that is not a list", "write it as a list of named entries")
    entries: dict[str, Entry] = {}
    # As in kubectl, an entry that is null or has no name is valid: no context can refer to it.
    for number, item in enumerate(({} if item is None else item for item in items), start=1):
        name = (item.get("name") or "") if isinstance(item, dict) else None
        if not isinstance(name, str):
            raise _wrong(path, f"has no name in entry {number} of {section}", "set the name to a string")
        value = item.get(kind)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise _wrong(
                path, f'has a {kind} "{printable(name)}" that is not a mapping', "recreate the entry"
            )
        if name in entries:
            raise _wrong(path, f'defines {kind} "{printable(name)}" twice', "remove one of them")
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
        return _decoded(read_limited(path, "the kubeconfig", deadline))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError:
        raise _wrong(path, "is a directory", "specify a file") from None
    except UnicodeDecodeError:
        raise _wrong(path, "is not UTF-8 text", "convert it to UTF-8, or specify another file") from None
    except (OSError, ValueError) as error:
        raise _wrong(
            path, f"cannot be read: {reason(error)}", "make it readable, or specify another file"
        ) from None


def _decoded(content: bytes) -> str:
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if is_utf16 else "utf-8-sig")


def _load_yaml(text: str, path: Path) -> Any:
    """Return the first document of a file; kubectl ignores the others."""
    import yaml  # noqa: PLC0415

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return next(yaml.load_all(text, loader), None)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise _wrong(path, f"is not valid YAML{place}", "fix it, or specify another file") from None
    except (ValueError, RecursionError):
        raise _wrong(path, "is not valid YAML", "fix it, or specify another file") from None


def _wrong(path: Path, problem: str, remedy: Sentence) -> InvalidFile:
    return InvalidFile(f"kubeconfig {printable(str(path))} {problem}", remedy=remedy, resource=str(path))
