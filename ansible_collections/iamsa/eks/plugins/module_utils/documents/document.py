# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds documents from their parts. `schema` has their JSON Schema.

Fields that were not read are absent. A field that is null or empty was read and has no value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..identity.cluster import ClusterRef
from ..identity.subject import Subject
from ..schema.kinds import API_VERSION, LIST_KIND, ROLE_KIND

Document = dict[str, Any]
UNREAD: Any = object()


def role_document(
    subject: Subject, cluster: ClusterRef, status: Mapping[str, Any], spec: Mapping[str, Any] | None = None
) -> Document:
    """Return a ServiceAccountRole. `spec` is None if none of the settings were read."""
    return {
        "apiVersion": API_VERSION,
        "kind": ROLE_KIND,
        "metadata": {"name": subject.name, "namespace": subject.namespace, "cluster": cluster.id},
        **({"spec": read(spec)} if spec is not None else {}),
        "status": {"cluster": cluster_part(cluster), **read(status)},
    }


def list_document(
    cluster: ClusterRef, items: Iterable[Document], status: Mapping[str, Any] | None = None
) -> Document:
    """Return a ServiceAccountRoleList."""
    return {
        "apiVersion": API_VERSION,
        "kind": LIST_KIND,
        "metadata": {"cluster": cluster.id},
        "items": list(items),
        **({"status": dict(status)} if status is not None else {}),
    }


def read(parts: Mapping[str, Any]) -> Document:
    """Return the parts that were read."""
    return {key: part for key, part in parts.items() if part is not UNREAD}


def cluster_part(cluster: ClusterRef) -> Document:
    return {"name": cluster.name, "arn": cluster.arn, "region": cluster.region, "issuer": cluster.issuer}
