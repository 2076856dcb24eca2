# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything else that the user types: tags, durations, audience, texts. Checked before anything is asked.

Sources: the patterns in IAM's API model, and
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html (characters, aws:, case of keys)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ..errors import InvalidValue, excerpt
from ..identity import keys
from ..policy.limits import TAGS
from ..wording.text import Option, Sentence

# Those that say whose it is; what else there will be on the role is counted when that is known.
_OWN_TAGS = 5
_LONGEST_KEY = 128
_LONGEST_TAG_VALUE = 256
_TAG_MARKS = "_.:/=+-@"
_TAG_RULE = "use letters, digits, spaces and _ . : / = + - @"

_DURATION = re.compile(r"(?:(?P<h>[0-9]{1,5})h)?(?:(?P<m>[0-9]{1,7})m)?(?:(?P<s>[0-9]{1,9})s?)?")
_AUDIENCE = re.compile(r"[!-~]{1,255}")
# roleDescriptionType in IAM's API model.
_DESCRIPTION = re.compile(r"[\t\n\r\x20-\x7e\xa1-\xff]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def parse_tags(values: Iterable[str], field: Sentence = Option("tag")) -> dict[str, str]:
    """The tags that `key=value` texts spell."""
    return check_tags(split_tags(values, field), field)


def split_tags(values: Iterable[str], field: Sentence) -> list[tuple[str, str]]:
    """The keys and values that `key=value` texts spell, unchecked."""
    pairs = []
    for text in values:
        key, equals, value = text.partition("=")
        if not equals:
            raise InvalidValue(field, excerpt(text), "has no '='", remedy="write key=value")
        pairs.append((key, value))
    return pairs


def check_tags(pairs: Iterable[tuple[str, str]], field: Sentence) -> dict[str, str]:
    """The tags that these keys and values are."""
    tags: dict[str, str] = {}
    keys: dict[str, str] = {}
    for key, value in pairs:
        check_tag(key, value, field)
        earlier = keys.setdefault(key.casefold(), key)
        if earlier in tags:
            raise InvalidValue(
                field,
                excerpt(f"{key}={value}"),
                f"repeats the key {excerpt(earlier)!r} (IAM's tag keys ignore case)",
                remedy="give each key once",
            )
        tags[key] = value
    if len(tags) > TAGS - _OWN_TAGS:
        raise InvalidValue(
            field,
            f"{len(tags)} tags",
            f"are too many: IAM allows {TAGS} a role, and iamsa needs {_OWN_TAGS} of them",
            remedy=f"give at most {TAGS - _OWN_TAGS}",
        )
    return tags


def check_removed_tags(keys: Iterable[str], field: Sentence = Option("remove_tag")) -> tuple[str, ...]:
    """The keys of tags that are to go; none of those by which iamsa marks its roles."""
    found = tuple(keys)
    for key in found:
        _check_tag(key, "", field, key, "give the tag's key")
    return found


def check_tag(key: str, value: str, field: Sentence = Option("tag")) -> None:
    _check_tag(key, value, field, f"{key}={value}", "write key=value")


def _check_tag(key: str, value: str, field: Sentence, typed: str, form: str) -> None:
    faults = (
        (not key.strip(), "has an empty key", form),
        (len(key) > _LONGEST_KEY, f"has a key of {len(key)} characters", f"use at most {_LONGEST_KEY}"),
        (
            len(value) > _LONGEST_TAG_VALUE,
            f"has a value of {len(value)} characters",
            f"use at most {_LONGEST_TAG_VALUE}",
        ),
        (not _tag_text(key), "has a character in its key that IAM does not accept", _TAG_RULE),
        (not _tag_text(value), "has a character in its value that IAM does not accept", _TAG_RULE),
        (_begins(key, "aws:"), "has a key that begins with aws:, which AWS reserves", "choose another key"),
        (
            _begins(key, keys.TAG_PREFIX),
            f"has a key that begins with {keys.TAG_PREFIX}, by which iamsa marks its roles",
            "choose another key",
        ),
    )
    for wrong, problem, remedy in faults:
        if wrong:
            raise InvalidValue(field, excerpt(typed), problem, remedy=remedy)


def parse_duration(value: str, field: Sentence, minimum: int, maximum: int) -> int:
    """The seconds that `value` spells: `1h`, `90m`, `1h30m`, `3600s` or `3600`."""
    match = _DURATION.fullmatch(value)
    limits = f"from {spelled_duration(minimum)} to {spelled_duration(maximum)}"
    if not value or not match:
        raise InvalidValue(
            field, excerpt(value), "is not a duration", remedy=f"write one {limits}, such as 1h, 90m or 3600"
        )
    parts = {unit: int(digits) for unit, digits in match.groupdict(default="0").items()}
    seconds = parts["h"] * 3600 + parts["m"] * 60 + parts["s"]
    if not minimum <= seconds <= maximum:
        raise InvalidValue(field, value, "is out of range", remedy=f"write a duration {limits}")
    return seconds


def spelled_duration(seconds: int) -> str:
    """The shortest text that parse_duration reads as `seconds`."""
    if seconds % 3600 == 0:
        return f"{seconds // 3600}h"
    return f"{seconds // 60}m" if seconds % 60 == 0 else f"{seconds}s"


def check_audience(value: str, field: Sentence = Option("audience")) -> str:
    if not value.strip():
        raise InvalidValue(field, value, "is empty", remedy=f"write {keys.DEFAULT_AUDIENCE}, or leave it out")
    if len(value) > 255:
        raise InvalidValue(
            field, excerpt(value), f"has {len(value)} characters, and IAM allows 255", remedy="shorten it"
        )
    if not _AUDIENCE.fullmatch(value):
        raise InvalidValue(
            field,
            value,
            "has a space or another character that no audience has",
            remedy="use printable ASCII",
        )
    if "${" in value:
        # A trust policy would read it as a policy variable.
        raise InvalidValue(
            field, value, "contains ${, which IAM would replace", remedy="use another audience"
        )
    return value


def is_audience(value: str) -> bool:
    """Whether a token for it can be accepted: not empty, and nothing that no provider lists."""
    try:
        check_audience(value)
    except InvalidValue:
        return False
    return True


def check_description(value: str, field: Sentence = Option("description")) -> str:
    if len(value) > 1000:
        raise InvalidValue(
            field, excerpt(value), f"has {len(value)} characters, and IAM allows 1,000", remedy="shorten it"
        )
    if not _DESCRIPTION.fullmatch(value):
        raise InvalidValue(
            field,
            excerpt(value),
            "has a character that IAM does not accept",
            remedy="use Latin letters and marks, up to U+00FF",
        )
    return value


def check_text(value: str, field: Sentence, maximum: int = 253) -> str:
    """A value that nothing more is known about, such as the name of a context or a profile."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidValue(field, excerpt(value), "is not UTF-8 text", remedy="write it in UTF-8") from None
    if not value.strip():
        raise InvalidValue(field, excerpt(value), "is empty", remedy="give a value, or leave the option out")
    if len(value) > maximum:
        raise InvalidValue(
            field, excerpt(value), f"has {len(value)} characters", remedy=f"use at most {maximum}"
        )
    if _CONTROL.search(value):
        raise InvalidValue(field, excerpt(value), "contains a control character", remedy="remove it")
    return value


def _tag_text(text: str) -> bool:
    return all(character in _TAG_MARKS or unicodedata.category(character)[0] in "LZN" for character in text)


def _begins(key: str, prefix: str) -> bool:
    return key.casefold().startswith(prefix.casefold())
