# SPDX-License-Identifier: GPL-3.0-or-later

"""The forms that JSON Schemas are put together from; every object is closed unless it says otherwise.

Source: https://json-schema.org/draft/2020-12/json-schema-core
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]

DURATION = r"^(?=.)([0-9]{1,5}h)?([0-9]{1,7}m)?([0-9]{1,9}s?)?$"


def closed(
    description: str, properties: Mapping[str, Schema], required: Iterable[str] = (), **more: Any
) -> Schema:
    """An object with these properties and no other."""
    return {
        "description": description,
        "type": "object",
        "properties": dict(properties),
        **({"required": list(required)} if required else {}),
        "additionalProperties": False,
        **more,
    }


def whole(description: str, properties: Mapping[str, Schema], **more: Any) -> Schema:
    """An object with all of these properties and no other."""
    return closed(description, properties, properties, **more)


def text(description: str, **more: Any) -> Schema:
    """A string that is not empty."""
    return {"description": description, "type": "string", "minLength": 1, **more}


def any_text(description: str) -> Schema:
    return {"description": description, "type": "string"}


def word(description: str, *values: str) -> Schema:
    """One of these strings."""
    return {"description": description, "type": "string", "enum": list(values)}


def flag(description: str) -> Schema:
    return {"description": description, "type": "boolean"}


def number(description: str) -> Schema:
    return {"description": description, "type": "integer", "minimum": 0}


def duration(description: str) -> Schema:
    """As on the command line: 1h30m, 90m, or a number of seconds."""
    return {
        "description": description,
        "anyOf": [{"type": "string", "pattern": DURATION}, {"type": "integer", "minimum": 1}],
    }


def array(description: str, items: Schema) -> Schema:
    return {"description": description, "type": "array", "items": items}


def texts(description: str) -> Schema:
    return array(description, {"type": "string"})


def map_of_texts(description: str) -> Schema:
    return {"description": description, "type": "object", "additionalProperties": {"type": "string"}}


def policy_document(description: str) -> Schema:
    """Any object: its language is AWS's own."""
    return {"description": description, "type": "object"}


def or_null(schema: Schema) -> Schema:
    """The same, or null where it was looked for and there is none."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}
