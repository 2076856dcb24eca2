# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings that manifests may have but iamsa does not support yet; they are never ignored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..policy.yaml_nodes import Node
from .place import Fault, Place

_ANY: Any = object()
# A path into the spec, and the value that is not supported.
_FIELDS: tuple[tuple[tuple[str, ...], Any], ...] = (
    (("via",), "pod-identity"),
    (("podIdentity",), _ANY),
    (("migration",), _ANY),
    (("subjects",), _ANY),
    (("role", "arn"), _ANY),
    (("serviceAccount", "manage"), False),
    (("serviceAccount", "create"), False),
    (("serviceAccount", "labels"), _ANY),
    (("serviceAccount", "annotations"), _ANY),
    (("serviceAccount", "imagePullSecrets"), _ANY),
    (("serviceAccount", "automountServiceAccountToken"), _ANY),
)


def not_yet_faults(spec: Node, place: Place) -> Iterator[Fault]:
    """A fault for each such setting of a valid spec."""
    for path, value in _FIELDS:
        found, where = spec, place
        for key in path:
            if key not in found.value:
                break
            found = found.value[key]
            where = where.field(key, found.line)
        else:
            if value is _ANY or found.value == value:
                yield _fault(where, "" if value is _ANY else f"{found.value}".lower() + " ")
    listed = place.field("policies", place.line)
    for number, policy in enumerate(spec.value["policies"].value if "policies" in spec.value else ()):
        if isinstance(policy.value, dict) and "template" in policy.value:
            template = policy.value["template"]
            yield _fault(listed.element(number, policy.line).field("template", template.line))


def _fault(place: Place, value: str = "") -> Fault:
    return place.fault(f"{value}is not supported yet", "remove it")
