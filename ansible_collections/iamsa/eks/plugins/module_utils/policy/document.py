# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse and check policy files before any call to AWS; errors name the file, the place and a remedy.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (characters, sizes)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import excerpt, quoted
from .aws_managed import near
from .equality import Document
from .grammar import check_statement, shape
from .json_text import POLICY_FILE, Place, parse_json
from .limits import INLINE_SIZE, Range, text_size
from .reference import YAML_EXTENSIONS
from .yaml_text import parse_yaml

_VERSIONS = ("2012-10-17", "2008-10-17")
_WRITE_VERSION = 'write "Version": "2012-10-17"'
# policyDocumentType in IAM's API model: tab, line feed, carriage return and U+0020 to U+00FF.
_NOT_ALLOWED = re.compile(r"[^\t\n\r\x20-\xff]")


def parse_policy_file(raw: bytes, source: str, noun: str = POLICY_FILE) -> Document:
    """The permissions policy in `raw`; messages call it by `noun` and `source`, such as a file's path.

    Raises:
        InvalidFile: the text is not JSON (in a file with the extension of YAML: not YAML), or not a valid
            permissions policy.
    """
    place = Place(source, noun=noun)
    is_yaml = noun == POLICY_FILE and source.lower().endswith(YAML_EXTENSIONS)
    value = parse_yaml(raw, place) if is_yaml else parse_json(raw, place)
    if not isinstance(value, dict):
        raise place.refusal(f"contains {shape(value)}", "write an object with Version and Statement")
    _refuse_other_documents(value, place)
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
    """The JSON text to send to IAM, without white space outside strings.

    Version comes first, because IAM was seen to interpret inline policies differently if it comes later:
    https://github.com/99designs/iamy/issues/65
    """
    first = {"Version": document["Version"]} if "Version" in document else {}
    return json.dumps({**first, **document}, separators=(",", ":"), ensure_ascii=False)


def document_size(document: Document) -> Range:
    """The size in characters that IAM counts toward its quotas."""
    return text_size(minified(document))


def _refuse_other_documents(value: Mapping[str, Any], place: Place) -> None:
    """Name the documents that people save instead of a permissions policy."""
    version = value.get("PolicyVersion")
    if "PolicyDocument" in value:
        raise place.refusal(
            "is the output of aws iam get-role-policy", "keep only the value of its key PolicyDocument"
        )
    if isinstance(version, dict) and "Document" in version:
        raise place.refusal(
            "is the output of aws iam get-policy-version",
            "keep only the value of its key Document, inside PolicyVersion",
        )
    statement = value.get("Statement")
    listed = statement if isinstance(statement, list) else [statement]
    if any(isinstance(one, dict) and "Principal" in one and _only_assumes(one) for one in listed):
        raise place.refusal(
            "is a trust policy, which defines who can assume a role",
            "use a permissions policy: iamsa writes the role's trust policy itself",
        )


def _only_assumes(statement: Mapping[str, Any]) -> bool:
    actions = statement.get("Action", [])
    listed = actions if isinstance(actions, list) else [actions]
    return bool(listed) and all(isinstance(one, str) and one.lower().startswith("sts:") for one in listed)


def _check_top(document: Mapping[str, Any], place: Place) -> None:
    for key in document:
        if key in ("Version", "Id", "Statement"):
            continue
        close = near(key, ("Version", "Statement"))
        remedy = f"write {close[0]}" if close else "remove it: a policy has only Version, Id and Statement"
        raise place.refusal(f"has the unknown key {quoted(excerpt(key))}", remedy)
    if not isinstance(document.get("Id", ""), str):
        raise place.refusal(f"has {shape(document['Id'])} as Id", "write a string, or remove it")
    # Without Version, IAM uses the older one, which policy/warnings.py warns of.
    version = document.get("Version", _VERSIONS[1])
    if version not in _VERSIONS:
        is_text = isinstance(version, str)
        problem = (
            f"has the invalid Version {quoted(excerpt(version))}"
            if is_text
            else f"has {shape(version)} as Version"
        )
        raise place.refusal(problem, _WRITE_VERSION)


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
            f"has the same Sid {quoted(excerpt(sid))} as Statement {sids[sid]}",
            "give each statement a unique Sid",
        )
    sids[sid] = number


def _check_characters(document: Mapping[str, Any], place: Place) -> None:
    for where, text in _strings(document, ""):
        match = _NOT_ALLOWED.search(text)
        if match:
            raise place.at(where).refusal(
                f'contains the character "{ascii(match.group())[1:-1]}",'
                " which IAM does not allow in policies",
                "use characters up to U+00FF, and no control characters",
            )


def _strings(value: Any, where: str) -> Iterator[tuple[str, str]]:
    """Every string and key of a document, after the name of the statement or element that contains it."""
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
            f"has {size:,} characters without whitespace, but all inline policies of a role together may "
            f"have only {INLINE_SIZE:,}",
            "make it a managed policy, or shorten it with wildcards",
        )
