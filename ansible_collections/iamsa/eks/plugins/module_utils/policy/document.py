# SPDX-License-Identifier: GPL-3.0-or-later

"""Policy files: refused before AWS is asked, in one sentence that names file, place and remedy.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (characters, sizes) and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_id.html (no Id here)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import excerpt
from .aws_managed import near
from .equality import Document
from .grammar import check_statement, shape
from .json_text import POLICY_FILE, Place, parse_json
from .limits import INLINE_SIZE, Range, text_size

_VERSIONS = ("2012-10-17", "2008-10-17")
_WRITE_VERSION = 'write "Version": "2012-10-17"'
# policyDocumentType in IAM's API model: tab, line feed, carriage return and U+0020 to U+00FF.
_FOREIGN = re.compile(r"[^\t\n\r\x20-\xff]")


def parse_policy_file(raw: bytes, source: str, noun: str = POLICY_FILE) -> Document:
    """The permissions policy in the bytes of a file, or of another `noun`, which messages call `source`."""
    place = Place(source, noun=noun)
    value = parse_json(raw, place)
    if not isinstance(value, dict):
        raise place.refusal(f"holds {shape(value)}", "write an object with Version and Statement")
    _check_top(value, place)
    _check_characters(value, place)
    sids: dict[str, int] = {}
    for number, statement in _statements(value, place):
        where = place.at(f"Statement {number}")
        check_statement(statement, where)
        _check_unique(statement, number, sids, where)
    _check_size(value, place)
    return value


def minified(document: Document) -> str:
    """The text that is sent to IAM: no white space but inside strings.

    Version goes first, because IAM was seen to read inline policies differently where it comes later:
    https://github.com/99designs/iamy/issues/65
    """
    first = {"Version": document["Version"]} if "Version" in document else {}
    return json.dumps({**first, **document}, separators=(",", ":"), ensure_ascii=False)


def document_size(document: Document) -> Range:
    """How many characters IAM counts toward its quotas."""
    return text_size(minified(document))


def _check_top(document: Mapping[str, Any], place: Place) -> None:
    for key in document:
        if key in ("Version", "Statement"):
            continue
        if key == "Id":
            raise place.refusal("has an Id, which AWS allows in resource policies only", "remove it")
        close = near(key, ("Version", "Statement"))
        remedy = f"write {close[0]}" if close else "remove it: a policy has Version and Statement"
        raise place.refusal(f"has the unknown key {excerpt(key)!r}", remedy)
    if "Version" not in document:
        raise place.refusal("has no Version", _WRITE_VERSION)
    version = document["Version"]
    if version not in _VERSIONS:
        shown = repr(excerpt(version)) if isinstance(version, str) else shape(version)
        raise place.refusal(f"has {shown} as Version, which is none of AWS's", _WRITE_VERSION)


def _statements(document: Mapping[str, Any], place: Place) -> Iterator[tuple[int, Any]]:
    if "Statement" not in document:
        raise place.refusal("has no Statement", "write a list of statements")
    statement = document["Statement"]
    if not isinstance(statement, (dict, list)):
        raise place.refusal(f"has {shape(statement)} as Statement", "write a list of statements")
    if not statement:
        raise place.refusal("has an empty Statement", "write at least one statement")
    yield from enumerate(statement if isinstance(statement, list) else [statement], start=1)


def _check_unique(statement: Mapping[str, Any], number: int, sids: dict[str, int], place: Place) -> None:
    sid = statement.get("Sid")
    if not sid:
        return
    if sid in sids:
        raise place.refusal(
            f"has the Sid {excerpt(sid)!r} of Statement {sids[sid]}", "give each statement a Sid of its own"
        )
    sids[sid] = number


def _check_characters(document: Mapping[str, Any], place: Place) -> None:
    for where, text in _strings(document, ""):
        match = _FOREIGN.search(text)
        if match:
            raise place.at(where).refusal(
                f"has the character {match.group()!a}, which IAM does not accept in policies",
                "use characters up to U+00FF, and no control characters",
            )


def _strings(value: Any, where: str) -> Iterator[tuple[str, str]]:
    """Every string of a document, keys too, with the statement or element that it stands in."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield where, key
            yield from _strings(inner, where or excerpt(ascii(key)[1:-1]))
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _strings(inner, f"Statement {number}" if where == "Statement" else where)


def _check_size(document: Mapping[str, Any], place: Place) -> None:
    size = document_size(document).least
    if size > INLINE_SIZE:
        raise place.refusal(
            f"has {size:,} characters without white space, and a role's inline policies may have "
            f"{INLINE_SIZE:,} in all",
            "make it a managed policy, or shorten it with wildcards",
        )
