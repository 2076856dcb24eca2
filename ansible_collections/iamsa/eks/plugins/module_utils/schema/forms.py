# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds JSON Schemas.

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
    """Return the schema of an object with only these properties."""
    return {
        "description": description,
        "type": "object",
        "properties": dict(properties),
        **({"required": list(required)} if required else {}),
        "additionalProperties": False,
        **more,
    }


def whole(description: str, properties: Mapping[str, Schema], **more: Any) -> Schema:
    """Return the schema of an object with exactly these properties."""
    return closed(description, properties, properties, **more)


def text(description: str, **more: Any) -> Schema:
    """Return the schema of a string that is not empty."""
    return {"description": description, "type": "string", "minLength": 1, **more}


def any_text(description: str) -> Schema:
    return {"description": description, "type": "string"}


def word(description: str, *values: str) -> Schema:
    """Return the schema of an enum of strings."""
    return {"description": description, "type": "string", "enum": list(values)}


def flag(description: str) -> Schema:
    return {"description": description, "type": "boolean"}


def number(description: str) -> Schema:
    return {"description": description, "type": "integer", "minimum": 0}


def duration(description: str) -> Schema:
    """Return the schema of a duration: 1h30m, 90m, or a number of seconds."""
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
    """Return the schema of a policy document, whose content is not checked."""
    return {"description": description, "type": "object"}


def or_null(schema: Schema) -> Schema:
    """Return the schema, which then also allows null."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}
