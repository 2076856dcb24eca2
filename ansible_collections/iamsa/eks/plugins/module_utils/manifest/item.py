# SPDX-License-Identifier: GPL-3.0-or-later

"""What manifests contain: the requests for ServiceAccounts, and where each was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..errors import InvalidFiles, quoted
from ..identity.cluster import ClusterRef
from ..request.check import CheckedRequest
from ..wording.text import Option
from .place import Fault, Place


class ClusterGuard(NamedTuple):
    """The cluster that a manifest is for, by name, ARN or issuer; `region` is "" if it is not named."""

    cluster: str
    place: Place
    region: str = ""


class Item(NamedTuple):
    """One ServiceAccount of a manifest."""

    asked: CheckedRequest
    place: Place


class Manifests(NamedTuple):
    """All ServiceAccounts of all manifests, in order; `skipped` counts documents of other kinds.

    `notices` say what of a document was left alone.
    """

    items: tuple[Item, ...]
    guards: tuple[ClusterGuard, ...]
    skipped: int
    notices: tuple[str, ...] = ()


def refuse_twins(items: Sequence[Item], namespace: str) -> None:
    """Raise InvalidFiles if two items are for one ServiceAccount or role; `namespace` is the default."""
    faults = [*_service_account_twins(items, namespace), *_role_twins(items)]
    if faults:
        raise InvalidFiles(faults)


def refuse_other_cluster(guards: Iterable[ClusterGuard], cluster: ClusterRef) -> None:
    """Raise InvalidFiles if a manifest is for another cluster than the one of this run."""
    faults = [
        guard.place.fault(
            "the manifest is for the cluster "
            + quoted(guard.cluster)
            + (f" in {guard.region}" if guard.region else "")
            + f", and this run is on {cluster.id}",
            "choose the other cluster with " + Option("context"),
        )
        for guard in guards
        if not is_named(cluster, guard.cluster) or guard.region not in ("", cluster.region)
    ]
    if faults:
        raise InvalidFiles(faults)


def is_named(cluster: ClusterRef, name: str) -> bool:
    """Whether it is the name, the ARN or the issuer of the cluster."""
    return name in (cluster.name, cluster.id, cluster.issuer)


def _service_account_twins(items: Iterable[Item], default: str) -> Iterator[Fault]:
    first: dict[tuple[str, str], Place] = {}
    for item in items:
        key = item.asked.request.namespace or default, item.asked.request.name
        if key in first:
            yield item.place.fault(
                f"serviceaccount {'/'.join(key).lstrip('/')} is also at {first[key]}", "merge the two"
            )
        first.setdefault(key, item.place)


def _role_twins(items: Iterable[Item]) -> Iterator[Fault]:
    first: dict[str, Place] = {}
    for item in items:
        name = item.asked.request.role_name
        # IAM's role names ignore case.
        key = (name or "").casefold()
        if key and key in first:
            yield item.place.fault(
                f"the role {name} is also at {first[key]}", "use a separate role for each ServiceAccount"
            )
        first.setdefault(key, item.place)
