# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the structure of a manifest against its JSON Schema, and finds every fault with its place.

Supports the keywords that schema/forms.py uses.
Source: https://json-schema.org/draft/2020-12/json-schema-validation
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import excerpt, quoted
from ..policy.aws_managed import near
from ..policy.yaml_nodes import Node
from ..schema.forms import DURATION, Schema
from .place import Fault, Place

_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a string",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "null",
}
# What a value must be to match a pattern, and what to write.
_PATTERNS = {
    DURATION: ("must be a duration", "write 1h30m, 90m or a number of seconds"),
    "^/": ("must begin with /", "write a path such as /team/"),
}
_REMEDIES = {
    "policies": "list the policies of the role, or write [] for none",
    "name": "write the name",
}


def structure_faults(node: Node, schema: Schema, place: Place) -> Iterator[Fault]:
    """Each fault of the value, in the order of the document."""
    if "type" in schema and not _has_type(node.value, schema["type"]):
        yield _wrong_type(node, [schema], place)
        return
    if "anyOf" in schema:
        yield from _any_of(node, schema["anyOf"], place)
    if "const" in schema and not _same(node.value, schema["const"]):
        yield place.fault(f"must be {schema['const']}", f"write {schema['const']}")
    if "enum" in schema and node.value not in schema["enum"]:
        yield _not_in(node, schema["enum"], place)
    if isinstance(node.value, str):
        yield from _text(node.value, schema, place)
    elif _is_number(node.value) and node.value < schema.get("minimum", node.value):
        yield place.fault(f"must be at least {schema['minimum']}", "write a larger number")
    elif isinstance(node.value, list) and "items" in schema:
        for number, inner in enumerate(node.value):
            yield from structure_faults(inner, schema["items"], place.element(number, inner.line))
    elif isinstance(node.value, dict):
        yield from _mapping(node.value, schema, place)


def _mapping(fields: Mapping[str, Node], schema: Schema, place: Place) -> Iterator[Fault]:
    for key in schema.get("required", ()):
        if key not in fields:
            yield place.field(key, place.line).fault("is required", _REMEDIES.get(key, "add it"))
    for key, needs in schema.get("dependentSchemas", {}).items():
        if key in fields and len(fields) > needs["maxProperties"]:
            others = ", ".join(excerpt(one) for one in fields if one != key)
            yield place.field(key, fields[key].line).fault(
                "cannot be combined with other fields", f"remove it, or {others}"
            )
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key, inner in fields.items():
        where = place.field(key, inner.line)
        if key in known:
            yield from structure_faults(inner, known[key], where)
        elif others is False:
            yield _unknown(key, known, where)
        elif others is not True:
            yield from structure_faults(inner, others, where)


def _unknown(key: str, known: Mapping[str, Any], place: Place) -> Fault:
    close = near(key, known)
    remedy = f"did you mean {close[0]}?" if close else f"remove it, or use one of {', '.join(known)}"
    return place.fault("unknown field", remedy)


def _any_of(node: Node, branches: list[Schema], place: Place) -> Iterator[Fault]:
    """The faults of the branch that the value is closest to, none if it matches one."""
    of_type = [one for one in branches if _has_type(node.value, one.get("type", "object"))]
    if not of_type:
        yield _wrong_type(node, branches, place)
        return
    faults = [list(structure_faults(node, branch, place)) for branch in of_type]
    if all(faults):
        yield from min(
            zip(faults, of_type, strict=True), key=lambda one: (_strangeness(node, one[1]), len(one[0]))
        )[0]


def _strangeness(node: Node, branch: Schema) -> int:
    """How many fields of the mapping the branch does not know, less those that it does."""
    if not isinstance(node.value, dict) or branch.get("additionalProperties", True) is not False:
        return 0
    known = branch.get("properties", {})
    return sum(-1 if key in known else 1 for key in node.value)


def _text(value: str, schema: Schema, place: Place) -> Iterator[Fault]:
    if len(value) < schema.get("minLength", 0):
        yield place.fault("must not be empty", "write a value, or remove the field")
        return
    pattern = schema.get("pattern")
    if pattern and not re.search(pattern, value):
        problem, remedy = _PATTERNS.get(pattern, (f"must match {pattern}", "write a value of that form"))
        yield place.fault(f"invalid value {quoted(excerpt(value))}: {problem}", remedy)


def _not_in(node: Node, words: list[str], place: Place) -> Fault:
    if not isinstance(node.value, str):
        return place.fault(f"must be {' or '.join(words)}", "write one of them")
    close = near(node.value, words)
    remedy = f"did you mean {close[0]}?" if close else f"write {' or '.join(words)}"
    return place.fault(f"invalid value {quoted(excerpt(node.value))}: must be {' or '.join(words)}", remedy)


def _wrong_type(node: Node, schemas: list[Schema], place: Place) -> Fault:
    names: list[str] = []
    for schema in schemas:
        types = schema["type"]
        names += [_TYPES[one] for one in (types if isinstance(types, list) else [types])]
    expected = " or ".join(dict.fromkeys(names))
    remedy = "write a value, or remove the field" if node.value is None else f"write {expected}"
    if expected == "a string" and not isinstance(node.value, (dict, list)) and node.value is not None:
        remedy = "write it in double quotes"
    return place.fault(f"must be {expected}, not {_shape(node.value)}", remedy)


def _shape(value: Any) -> str:
    if isinstance(value, bool):
        return "a boolean"
    names = {dict: "a mapping", list: "a list", str: "a string", type(None): "null"}
    return names.get(type(value), "a number")


def _has_type(value: Any, types: str | list[str]) -> bool:
    return any(_is(value, one) for one in ([types] if isinstance(types, str) else types))


def _is(value: Any, name: str) -> bool:
    if name in ("integer", "number"):
        return _is_number(value) and (name == "number" or isinstance(value, int) or value.is_integer())
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "boolean": bool,
        "null": type(None),
    }
    return isinstance(value, kinds[name])


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _same(value: Any, const: Any) -> bool:
    return type(value) is type(const) and bool(value == const)
