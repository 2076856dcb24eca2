# SPDX-License-Identifier: GPL-3.0-or-later

"""Validates all other values that users give, before any call: tags, durations, audiences, texts.

Sources: the patterns in IAM's API model, and
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html (characters, aws:, case of keys)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ..errors import InvalidValue, excerpt, quoted
from ..identity import keys
from ..policy.limits import TAGS
from ..wording.text import Option, Sentence

# The tags that identify the role's owner. The plan counts iamsa's other tags.
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
    """The tags in `key=value` form; raises InvalidValue."""
    return check_tags(split_tags(values, field), field)


def split_tags(values: Iterable[str], field: Sentence) -> list[tuple[str, str]]:
    """The pairs in `key=value` form; raises InvalidValue only for a missing "="."""
    pairs = []
    for text in values:
        key, equals, value = text.partition("=")
        if not equals:
            raise InvalidValue(field, excerpt(text), 'must contain "="', remedy="use the form KEY=VALUE")
        pairs.append((key, value))
    return pairs


def check_tags(pairs: Iterable[tuple[str, str]], field: Sentence) -> dict[str, str]:
    """The tags with these keys and values; raises InvalidValue, also for too many and for repeated keys."""
    tags: dict[str, str] = {}
    keys: dict[str, str] = {}
    for key, value in pairs:
        check_tag(key, value, field)
        earlier = keys.setdefault(key.casefold(), key)
        if earlier in tags:
            raise InvalidValue(
                field,
                excerpt(f"{key}={value}"),
                f"must not repeat the key {quoted(excerpt(earlier))} (keys of role tags are not"
                " case-sensitive)",
                remedy="specify each key once",
            )
        tags[key] = value
    if len(tags) > TAGS - _OWN_TAGS:
        raise InvalidValue(
            field,
            f"{len(tags)} tags",
            f"must be at most {TAGS - _OWN_TAGS}: IAM allows {TAGS} on a role, and iamsa uses {_OWN_TAGS}",
            remedy="remove some tags",
        )
    return tags


def check_removed_tags(keys: Iterable[str], field: Sentence = Option("remove_tag")) -> tuple[str, ...]:
    """The keys of tags to remove; raises InvalidValue, also for the keys of iamsa's own tags."""
    found = tuple(keys)
    for key in found:
        _check_tag(key, "", field, key, "specify the tag's key")
    return found


def check_tag(key: str, value: str, field: Sentence = Option("tag")) -> None:
    """Raises InvalidValue if IAM would reject the tag, or if its prefix is reserved."""
    _check_tag(key, value, field, f"{key}={value}", "use the form KEY=VALUE")


def _check_tag(key: str, value: str, field: Sentence, typed: str, form: str) -> None:
    faults = (
        (not key.strip(), "the key must not be empty", form),
        (
            len(key) > _LONGEST_KEY,
            f"the key must be at most {_LONGEST_KEY} characters, got {len(key)}",
            "shorten it",
        ),
        (
            len(value) > _LONGEST_TAG_VALUE,
            f"the tag's value must be at most {_LONGEST_TAG_VALUE} characters, got {len(value)}",
            "shorten it",
        ),
        (not _tag_text(key), "the key contains a character that IAM does not allow", _TAG_RULE),
        (not _tag_text(value), "the tag's value contains a character that IAM does not allow", _TAG_RULE),
        (
            _begins(key, "aws:"),
            "the key must not begin with aws:, which is reserved for AWS",
            "choose another key",
        ),
        (
            _begins(key, keys.TAG_PREFIX),
            f"the key must not begin with {keys.TAG_PREFIX}, which is reserved for iamsa",
            "choose another key",
        ),
    )
    for wrong, problem, remedy in faults:
        if wrong:
            raise InvalidValue(field, excerpt(typed), problem, remedy=remedy)


def parse_duration(value: str, field: Sentence, minimum: int, maximum: int) -> int:
    """The seconds in `value`: `1h`, `90m`, `1h30m`, `3600s` or `3600`.

    Raises InvalidValue if it is not a duration, or not from `minimum` to `maximum` seconds.
    """
    match = _DURATION.fullmatch(value)
    limits = f"between {spelled_duration(minimum)} and {spelled_duration(maximum)}"
    if not value or not match:
        raise InvalidValue(
            field,
            excerpt(value),
            "must be a duration",
            remedy=f"use a duration {limits}, such as 1h, 90m or 3600",
        )
    parts = {unit: int(digits) for unit, digits in match.groupdict(default="0").items()}
    seconds = parts["h"] * 3600 + parts["m"] * 60 + parts["s"]
    if not minimum <= seconds <= maximum:
        bound = (
            f"at least {spelled_duration(minimum)}"
            if seconds < minimum
            else f"at most {spelled_duration(maximum)}"
        )
        raise InvalidValue(field, value, f"must be {bound}", remedy=f"use a duration {limits}")
    return seconds


def spelled_duration(seconds: int) -> str:
    """The shortest form of `seconds` that parse_duration accepts."""
    if seconds % 3600 == 0:
        return f"{seconds // 3600}h"
    return f"{seconds // 60}m" if seconds % 60 == 0 else f"{seconds}s"


def check_audience(value: str, field: Sentence = Option("audience")) -> str:
    """`value`, if an OIDC provider and a trust policy can contain it as an audience; raises InvalidValue."""
    if not value.strip():
        raise InvalidValue(
            field, value, "must not be empty", remedy=f"use {keys.DEFAULT_AUDIENCE}, or omit it"
        )
    if len(value) > 255:
        raise InvalidValue(
            field, excerpt(value), f"must be at most 255 characters, got {len(value)}", remedy="shorten it"
        )
    if not _AUDIENCE.fullmatch(value):
        raise InvalidValue(
            field,
            value,
            "must contain only printable ASCII characters without spaces",
            remedy="remove the other characters",
        )
    if "${" in value:
        # In a trust policy, this starts a policy variable.
        raise InvalidValue(
            field, value, "must not contain ${, which starts a policy variable", remedy="use another audience"
        )
    return value


def is_audience(value: str) -> bool:
    """Whether check_audience accepts `value`."""
    try:
        check_audience(value)
    except InvalidValue:
        return False
    return True


def check_description(value: str, field: Sentence = Option("description")) -> str:
    """`value`, if IAM accepts it as a role's description; raises InvalidValue."""
    if len(value) > 1000:
        raise InvalidValue(
            field, excerpt(value), f"must be at most 1,000 characters, got {len(value)}", remedy="shorten it"
        )
    if not _DESCRIPTION.fullmatch(value):
        raise InvalidValue(
            field,
            excerpt(value),
            "contains a character that IAM does not allow",
            remedy="use characters up to U+00FF, such as Latin letters and punctuation",
        )
    return value


def check_text(value: str, field: Sentence, maximum: int = 253) -> str:
    """`value`, if it is not empty and has at most `maximum` characters; raises InvalidValue.

    For values without a format of their own, such as the name of a context or a profile.
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidValue(field, excerpt(value), "must be UTF-8", remedy="encode it in UTF-8") from None
    if not value.strip():
        raise InvalidValue(
            field, excerpt(value), "must not be empty", remedy="specify a value, or omit the option"
        )
    if len(value) > maximum:
        raise InvalidValue(
            field,
            excerpt(value),
            f"must be at most {maximum} characters, got {len(value)}",
            remedy="shorten it",
        )
    if _CONTROL.search(value):
        raise InvalidValue(field, excerpt(value), "must not contain control characters", remedy="remove them")
    return value


def _tag_text(text: str) -> bool:
    return all(character in _TAG_MARKS or unicodedata.category(character)[0] in "LZN" for character in text)


def _begins(key: str, prefix: str) -> bool:
    return key.casefold().startswith(prefix.casefold())
