# SPDX-License-Identifier: GPL-3.0-or-later

"""Read manifests: all their ServiceAccounts, or everything that is wrong with all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ..errors import InvalidFiles, excerpt, quoted
from ..policy.aws_managed import near
from ..policy.yaml_nodes import Node, read_documents
from ..schema.cluster_config import CLUSTER_CONFIG_API, CLUSTER_CONFIG_KIND
from ..schema.kinds import API_VERSION, LIST_KIND, ROLE_KIND
from ..schema.manifest import LIST_MANIFEST, PRINTED_ROLE, ROLE_MANIFEST
from . import cluster_config
from .item import ClusterGuard, Item, Manifests
from .not_yet import not_yet_faults
from .place import Fault, Place
from .policies import Folder
from .structure import structure_faults
from .values import Defaults, read_values

_GROUP = "iamsa/"
_KUBERNETES_LIST = ("v1", "List")


class Source(NamedTuple):
    """A text to read; `name` is its file as messages name it, `folder` the base of policy files."""

    name: str
    text: str
    folder: str


def read_manifests(
    sources: Iterable[Source], defaults: Defaults, *, allow_outside: bool = False
) -> Manifests:
    """All ServiceAccounts of the sources.

    Raises:
        InvalidFiles: every fault of every source.
    """
    reader = _Reader(defaults, allow_outside=allow_outside)
    for source in sources:
        reader.read(source)
    if reader.faults:
        raise InvalidFiles(reader.faults)
    return Manifests(tuple(reader.items), tuple(reader.guards), reader.skipped, tuple(reader.notices))


class _Reader:
    def __init__(self, defaults: Defaults, *, allow_outside: bool) -> None:
        self.items: list[Item] = []
        self.guards: list[ClusterGuard] = []
        self.skipped = 0
        self.notices: list[str] = []
        self.faults: list[Fault] = []
        self._defaults = defaults
        self._allow_outside = allow_outside
        self._folder = Folder("", allow_outside=allow_outside)

    def read(self, source: Source) -> None:
        self._folder = Folder(source.folder, allow_outside=self._allow_outside)
        found: list[Fault] = []
        for document, faults in _documents(source):
            if document is None:
                found += faults
            elif document.value is not None:
                found += self._document(document, Place(source.name, document.line), faults)
        self.faults += sorted(found, key=lambda fault: fault.place.line)

    def _document(self, document: Node, place: Place, faults: list[Fault]) -> Iterator[Fault]:
        """The faults of a document; those of its YAML count only if iamsa reads its kind."""
        if not isinstance(document.value, dict):
            yield place.fault("must be a mapping with apiVersion and kind", "write a ServiceAccountRole")
            return
        api, kind = _text(document, "apiVersion"), _text(document, "kind")
        if (api, kind) == _KUBERNETES_LIST:
            yield from self._list(document, place, faults)
        elif _is_policy(document):
            return
        elif not kind:
            yield place.field("kind", place.line).fault("is required", f"write kind: {ROLE_KIND}")
        elif api.lower().startswith("eksctl.io/") and kind == CLUSTER_CONFIG_KIND:
            yield from faults or self._cluster_config(document, place, api)
        elif not (api.lower().startswith(_GROUP) or kind in (ROLE_KIND, LIST_KIND)):
            self.skipped += 1
        elif api != API_VERSION:
            yield _at(document, "apiVersion", place).fault(
                f"invalid value {quoted(excerpt(api))}: must be {API_VERSION}", f"write {API_VERSION}"
            )
        elif kind not in (ROLE_KIND, LIST_KIND):
            close = near(kind, (ROLE_KIND, LIST_KIND))
            yield _at(document, "kind", place).fault(
                f"invalid value {quoted(excerpt(kind))}: must be {ROLE_KIND} or {LIST_KIND}",
                f"did you mean {close[0]}?" if close else f"write {ROLE_KIND}",
            )
        elif faults:
            yield from faults
        elif kind == LIST_KIND:
            yield from structure_faults(document, LIST_MANIFEST, place)
            self._guard(document, place)
            yield from self._list(document, place, [])
        else:
            yield from self._role(document, place)

    def _list(self, document: Node, place: Place, faults: list[Fault]) -> Iterator[Fault]:
        items = document.value.get("items")
        for number, item in enumerate(items.value if items and isinstance(items.value, list) else ()):
            # Faults of YAML in the list are not known by item.
            inner = place.field("items", items.line).element(number, item.line)
            yield from self._document(item, inner, faults)

    def _role(self, document: Node, place: Place) -> Iterator[Fault]:
        schema = PRINTED_ROLE if "status" in document.value else ROLE_MANIFEST
        wrong = [*structure_faults(document, schema, place)]
        if not wrong and "spec" not in document.value:
            # A ServiceAccount without a role, as list prints it.
            self.skipped += 1
            return
        if not wrong:
            wrong = [*not_yet_faults(document.value["spec"], _at(document, "spec", place))]
        if wrong:
            yield from wrong
            return
        asked, faults = read_values(document, place, self._folder, self._defaults)
        yield from faults
        self._guard(document, place)
        if asked:
            self.items.append(Item(asked, Place(place.source, place.line)))

    def _cluster_config(self, document: Node, place: Place, api: str) -> Iterator[Fault]:
        if api != CLUSTER_CONFIG_API:
            yield _at(document, "apiVersion", place).fault(
                f"invalid value {quoted(excerpt(api))}: must be {CLUSTER_CONFIG_API}",
                f"write {CLUSTER_CONFIG_API}",
            )
            return
        yield from cluster_config.section_faults(document, place)
        for item, where in cluster_config.service_accounts(document, place):
            wrong = [*cluster_config.item_faults(item, where)]
            yield from wrong
            if wrong:
                continue
            asked, faults = read_values(
                cluster_config.with_policies(item),
                where,
                self._folder,
                self._defaults,
                cluster_config.PATHS,
                cluster_config.POLICIES,
            )
            yield from faults
            if asked:
                self.items.append(Item(asked, Place(place.source, where.line)))
        left = cluster_config.other_sections(document)
        if left:
            self.notices.append(f"{place}: left alone: {', '.join(excerpt(one) for one in left)}")
        yield from self._config_guard(document, place)

    def _config_guard(self, document: Node, place: Place) -> Iterator[Fault]:
        metadata = document.value.get("metadata")
        found = metadata.plain() if metadata else None
        where = _at(document, "metadata", place)
        values = [found.get(key) if isinstance(found, dict) else None for key in ("name", "region")]
        name, region = (value if isinstance(value, str) else "" for value in values)
        for key, value in (("name", name), ("region", region)):
            if not value:
                yield where.field(key, where.line).fault("is required", f"write the {key} of the cluster")
        if name and region:
            self.guards.append(ClusterGuard(name, where.field("name", where.line), region))

    def _guard(self, document: Node, place: Place) -> None:
        metadata = document.value.get("metadata")
        cluster = metadata.value.get("cluster") if metadata and isinstance(metadata.value, dict) else None
        if cluster and isinstance(cluster.value, str):
            where = _at(document, "metadata", place).field("cluster", cluster.line)
            self.guards.append(ClusterGuard(cluster.value, where))


def _documents(source: Source) -> Iterator[tuple[Node | None, list[Fault]]]:
    """Each document with the faults of its YAML; at last None with the faults that end the text."""
    faults: list[Fault] = []

    def refuse(line: int, _column: int, problem: str, remedy: str) -> None:
        faults.append(Place(source.name, line).fault(problem, remedy))

    for document in read_documents(source.text, refuse):
        yield document, [*faults]
        faults.clear()
    yield None, faults


def _is_policy(document: Node) -> bool:
    """Whether it is a policy document, which may be in the folder of the manifest that names it."""
    return "Statement" in document.value and document.value.keys() <= {"Version", "Id", "Statement"}


def _text(document: Node, key: str) -> str:
    node = document.value.get(key)
    value: Any = node.value if node else None
    return value if isinstance(value, str) else ""


def _at(document: Node, key: str, place: Place) -> Place:
    node = document.value.get(key)
    return place.field(key, node.line if node else place.line)
