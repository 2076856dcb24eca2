# SPDX-License-Identifier: GPL-3.0-or-later

"""The values of a manifest as a request, each checked as the same option is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from ..errors import InvalidFile, InvalidValue
from ..model.desired import NewRole
from ..policy.yaml_nodes import Node
from ..request.check import CheckedRequest, check
from ..request.request import FieldNames, Request
from ..wording.text import Option, Sentence
from .place import Fault, Place
from .policies import Folder, fault_of, read_manifest_policies

# The fields of a request by their paths in a manifest.
_PATHS: dict[tuple[str, ...], str] = {
    ("metadata", "name"): "name",
    ("metadata", "namespace"): "namespace",
    ("spec", "purge"): "purge",
    ("spec", "role", "name"): "role_name",
    ("spec", "role", "path"): "path",
    ("spec", "role", "permissionsBoundary"): "permissions_boundary",
    ("spec", "role", "tags"): "tags",
    ("spec", "role", "description"): "description",
    ("spec", "role", "maxSessionDuration"): "max_session_duration",
    ("spec", "audience"): "audience",
    ("spec", "serviceAccount", "stsRegionalEndpoints"): "sts_regional_endpoints",
    ("spec", "serviceAccount", "tokenExpiration"): "token_expiration",
}
_DURATIONS = ("max_session_duration", "token_expiration")
_INITIAL: dict[str, Any] = {field.name: field.default for field in fields(Request)}


class Defaults:
    """What items use that leave a setting out: a request whose values are valid, and those of a new role."""

    def __init__(self, request: Request, named: FieldNames, if_new: NewRole | None = None) -> None:
        self.request = request
        self.named = named
        self.if_new = if_new


def read_values(
    document: Node,
    place: Place,
    folder: Folder,
    defaults: Defaults,
    paths: Mapping[tuple[str, ...], str] | None = None,
    policies_path: tuple[str, ...] = ("spec", "policies"),
) -> tuple[CheckedRequest | None, list[Fault]]:
    """The request of a document of a valid structure, or everything that is wrong with its values.

    `paths` are those of the settings in a document of another kind.
    """
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for path, field in (_PATHS if paths is None else paths).items():
        found = _at(document, path, place)
        if found:
            node, places[field] = found
            values[field] = _value(field, node, defaults)
    is_null = values.get("permissions_boundary", "") is None
    if is_null and not defaults.request.remove_permissions_boundary:
        faults.append(_unconfirmed(places["permissions_boundary"]))
    values["remove_permissions_boundary"] = is_null
    found = _at(document, policies_path, place)
    if found:
        node, places["policies"] = found
        policies = [*read_manifest_policies(node, folder, places["policies"])]
        values["policies"] = [policy for policy, _fault in policies if policy is not None]
        faults += [fault for _policy, fault in policies if fault is not None]
    elif values.get("purge", defaults.request.purge):
        spec = place.field("spec", document.value["spec"].line)
        faults.append(spec.field("policies", spec.line).fault("is required with purge", "list all policies"))
    return _checked(replace(defaults.request, **values), places, defaults, faults), faults


def _checked(
    request: Request, places: Mapping[str, Place], defaults: Defaults, faults: list[Fault]
) -> CheckedRequest | None:
    """Each value that is refused is left out of the next try, to find the others too."""

    def named(field: str) -> Sentence:
        return places[field].path if field in places else defaults.named(field)

    while True:
        try:
            checked = check(request, named, defaults.if_new)
        except InvalidValue as error:
            field = next((one for one, place in places.items() if place.path == error.field), None)
            if field is None or getattr(request, field) == _INITIAL.get(field):
                raise
            faults.append(fault_of(error, places[field]))
            if field in ("name", "policies"):
                return None
            request = replace(request, **{field: _INITIAL[field]})
        except InvalidFile as error:
            faults.append(places["policies"].fault(error.problem, error.remedy))
            return None
        else:
            return None if faults else checked


def _at(document: Node, path: tuple[str, ...], place: Place) -> tuple[Node, Place] | None:
    """The value at a path, and its place; None if it is not there."""
    node, where = document, place
    for key in path:
        if key not in node.value:
            return None
        node = node.value[key]
        where = where.field(key, node.line)
    return node, where


def _value(field: str, node: Node, defaults: Defaults) -> Any:
    value = node.plain()
    if field == "tags":
        own = {key.casefold() for key in value}
        others = [pair for pair in defaults.request.tags if pair[0].casefold() not in own]
        return [*others, *value.items()]
    if field in _DURATIONS:
        return value if isinstance(value, str) else str(int(value))
    return value


def _unconfirmed(place: Place) -> Fault:
    return place.fault(
        "null removes the permissions boundary of the role",
        "add " + Option("remove_permissions_boundary") + ", or remove the field to keep the boundary",
    )
