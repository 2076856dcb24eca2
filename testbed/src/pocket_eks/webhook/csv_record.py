"""The first record of comma-separated values, as Go's encoding/csv reads it for the webhook.

Empty lines are skipped. Errors are a quote inside a field that does not begin with one, text after a
closing quote, and a missing closing quote. Later records are not read.
"""

from __future__ import annotations


def first_record(text: str) -> set[str]:
    """Return the fields of the first record, or an empty set if there is none or it is invalid."""
    rest = text.replace("\r\n", "\n").removesuffix("\r").lstrip("\n")
    fields: set[str] = set()
    while rest:
        found = quoted(rest[1:]) if rest.startswith('"') else plain(rest)
        if found is None:
            return set()
        field, end, rest = found
        fields.add(field)
        if end != ",":
            return fields
        if not rest or rest.startswith("\n"):
            return fields | {""}
    return fields


def plain(rest: str) -> tuple[str, str, str] | None:
    """Return a field, its delimiter and the rest, or None if the field is invalid."""
    line, _, _ = rest.partition("\n")
    field, comma, _ = line.partition(",")
    if '"' in field:
        return None
    end = comma or "\n"
    return field, end, rest[len(field) + 1 :]


def quoted(rest: str) -> tuple[str, str, str] | None:
    """Return the same for a field whose opening quote has been read."""
    field = ""
    while True:
        part, quote, rest = rest.partition('"')
        field += part
        if not quote:
            return None
        if not rest.startswith('"'):
            break
        field, rest = field + '"', rest[1:]
    end = rest[:1]
    return (field, end, rest[1:]) if end in ("", ",", "\n") else None
