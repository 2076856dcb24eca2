# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the JSON text of a policy document; errors name line and column."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from ..errors import InvalidFile, excerpt, quoted

POLICY_FILE, POLICY_DOCUMENT = "policy file", "policy document"


@dataclass(frozen=True)
class Place:
    """A place in a policy document, for messages. `source` names the document, and `noun` says what it is."""

    source: str
    where: str = ""
    noun: str = POLICY_FILE

    def at(self, where: str) -> Place:
        """Another place in the same document."""
        return replace(self, where=where)

    def refusal(self, problem: str, remedy: str) -> InvalidFile:
        """The error for a problem at this place; `problem` is a predicate such as `is empty`."""
        of = f"{self.where} of " if self.where else ""
        problem = f"{of}{self.noun} {quoted(self.source)} {problem}"
        return InvalidFile(problem, remedy=remedy, resource=self.source)


_LARGEST = 1024 * 1024
DEEPEST = 32

_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AS_UTF8 = "save it as UTF-8"

# Strings, brackets and words; an unterminated string extends to the end of the text.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*\\?(?:"|\Z)|[{}\[\],:]|[^\s"{}\[\],:]+', re.DOTALL)
# Characters that word processors and web pages write instead of those of JSON.
_TYPOGRAPHIC = {
    **dict.fromkeys("\u201c\u201d\u201e\u2018\u2019", ("a curly quote", 'replace the curly quotes with "')),
    **dict.fromkeys(
        "\u00a0\u202f\u2007", ("a no-break space", "replace the no-break spaces with ordinary spaces")
    ),
}
_NO_NUMBERS = ("NaN", "Infinity", "-Infinity")


def parse_json(raw: bytes, place: Place) -> Any:
    """The value of `raw`, which must be strict JSON: no duplicate keys, no NaN, limited nesting.

    Raises:
        InvalidFile: the text is empty, too large, not UTF-8 or not strict JSON.
    """
    text = decoded(raw, place)
    if not text.strip():
        raise place.refusal("is empty", "write a policy document to it")
    tokens = list(_TOKEN.finditer(text))
    _check_depth(text, tokens, place)
    value = _loaded(text, tokens, place)
    _check_keys(text, tokens, place)
    return value


def position(text: str, offset: int) -> str:
    """`line 3, column 7` of the character at `offset`."""
    return f"line {text.count(chr(10), 0, offset) + 1}, column {offset - text.rfind(chr(10), 0, offset)}"


def decoded(raw: bytes, place: Place) -> str:
    """The text of `raw`; raises InvalidFile if it is too large or not UTF-8."""
    if len(raw) > _LARGEST:
        raise place.refusal(f"has {len(raw):,} bytes, too many for a policy", "use a policy document")
    if raw.startswith(_UTF16_BOMS) or b"\0" in raw[:4]:
        raise place.refusal("is not UTF-8 but looks like UTF-16 or UTF-32", _SAVE_AS_UTF8)
    try:
        return raw.removeprefix(_UTF8_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise place.at(f"line {line}").refusal(
            f"is not UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start}", _SAVE_AS_UTF8
        ) from None


def _check_depth(text: str, tokens: list[re.Match[str]], place: Place) -> None:
    depth = 0
    for token in tokens:
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token.group(), 0)
        if depth > DEEPEST:
            raise place.at(position(text, token.start())).refusal(
                f"is nested more than {DEEPEST} levels deep", "use a policy document"
            )


def _loaded(text: str, tokens: list[re.Match[str]], place: Place) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        where = position(text, error.pos)
        found = _TYPOGRAPHIC.get(text[error.pos : error.pos + 1])
        if found:
            name, remedy = found
            raise place.at(where).refusal(f"is not valid JSON: it contains {name} there", remedy) from None
        reason = error.msg[:1].lower() + error.msg[1:].removesuffix(" starting at")
        raise place.at(where).refusal(f"is not valid JSON: {reason}", "fix the JSON there") from None
    except ValueError:
        # From the hooks below, or Python's limit on the digits of a number; neither knows the position.
        culprit = next((token for token in tokens if _is_no_number(token.group())), tokens[0])
        raise place.at(position(text, culprit.start())).refusal(
            f"contains {excerpt(culprit.group(), 20)}, which is not a JSON number that AWS accepts",
            "write a plain number",
        ) from None


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(digits)
    return number


def _is_no_number(word: str) -> bool:
    if word in _NO_NUMBERS:
        return True
    if not re.fullmatch(r"-?[0-9][0-9eE.+-]*", word):
        return False
    return len(word) > 1000 or not math.isfinite(float(word))


def _check_keys(text: str, tokens: list[re.Match[str]], place: Place) -> None:
    """Reject duplicate keys: readers keep either value, so AWS might read a different policy."""
    for key, token in _repeated_keys(tokens):
        raise place.at(position(text, token.start())).refusal(
            f"has the duplicate key {quoted(excerpt(key))}",
            "keep one of the two, or merge their values",
        )


def _repeated_keys(tokens: list[re.Match[str]]) -> Iterator[tuple[str, re.Match[str]]]:
    seen: list[set[str]] = []
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        word = token.group()
        if word in "{[":
            seen.append(set())
        elif word in "}]":
            seen.pop()
        elif word.startswith('"') and after is not None and after.group() == ":":
            key = json.loads(word)
            if key in seen[-1]:
                yield key, token
            seen[-1].add(key)
