# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the skip-containers annotation as the webhook does: the first record of a CSV text.

Sources: https://github.com/aws/amazon-eks-pod-identity-webhook and https://pkg.go.dev/encoding/csv
"""

from __future__ import annotations

from collections.abc import Iterator


def skipped_containers(text: str) -> frozenset[str]:
    """The names in the first record; none if the text is not valid CSV.

    Spaces are part of a name. Empty lines before the record are ignored, and later records are not read.
    """
    try:
        return frozenset(_record(text))
    except ValueError:
        return frozenset()


def _record(text: str) -> Iterator[str]:
    """Yield the fields of the first record. Raises ValueError for a stray or missing quote."""
    rest = text.replace("\r\n", "\n").removesuffix("\r").lstrip("\n")
    while rest:
        field, rest = _quoted(rest[1:]) if rest.startswith('"') else _plain(rest)
        yield field
        if not rest.startswith(","):
            return
        rest = rest[1:]
        if not rest:
            yield ""


def _plain(rest: str) -> tuple[str, str]:
    end = min((at for at in (rest.find(","), rest.find("\n")) if at >= 0), default=len(rest))
    if '"' in rest[:end]:
        raise ValueError('a bare " in a field')
    return rest[:end], rest[end:]


def _quoted(rest: str) -> tuple[str, str]:
    """Read a field after its opening quote; a quote in it is doubled."""
    field = ""
    while True:
        part, quote, rest = rest.partition('"')
        field += part
        if not quote or (rest and rest[0] not in '",\n'):
            raise ValueError('an extraneous or missing " in a quoted field')
        if not rest.startswith('"'):
            return field, rest
        field, rest = field + '"', rest[1:]
