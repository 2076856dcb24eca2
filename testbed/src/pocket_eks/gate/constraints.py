"""Constraints on single values (IAM API reference: the constraints of the parameters).

Recorded by LocalStack against AWS (tests/aws/services/iam, 2026-02): the messages for tags, keys of tags,
paths, ARNs, versions and markers, that IAM does not show the value, and that one error has all violations.
Reported by users: "The specified value for roleName is invalid. …" (many).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from pocket_eks.gate.aws_errors import AwsError

NAME = r"[\w+=,.@-]+"
PATH = r"(/)|(/[!-\x7e]+/)"
TEXT = r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*"
DOCUMENT = r"[\u0009\u000A\u000D\u0020-\u00FF]+"
TAG_KEY = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+"
TAG_VALUE = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"
VERSION_ID = r"v[1-9][0-9]*(\.[A-Za-z0-9-]*)?"
MARKER = re.compile(r"\d+")
"""Such as the emulators give."""
ARN = r"arn:aws[a-z-]*:iam::(\d{12}|aws):[!-~]+"


def violated(failures: Iterable[str]) -> None:
    """Raise AwsError, one ValidationError for all failures, if there are any."""
    found = list(failures)
    if found:
        errors = "error" if len(found) == 1 else "errors"
        raise AwsError("ValidationError", f"{len(found)} validation {errors} detected: {'; '.join(found)}")


def failure(member: str, constraint: str, value: str | None = None) -> str:
    """Return the message of AWS for one member. STS shows the value, IAM does not."""
    shown = "Value" if value is None else f"Value '{value}'"
    return f"{shown} at '{member}' failed to satisfy constraint: {constraint}"


def length(member: str, value: str, least: int, most: int, *, shown: bool = False) -> Iterator[str]:
    """Return a check for a length from `least` to `most` characters."""
    told = value if shown else None
    if len(value) < least:
        yield failure(member, f"Member must have length greater than or equal to {least}", told)
    if len(value) > most:
        yield failure(member, f"Member must have length less than or equal to {most}", told)


def matches(member: str, value: str, pattern: str, *, shown: bool = False) -> Iterator[str]:
    r"""Return a check for a complete match of a pattern, in which `\w` is ASCII, as in AWS."""
    if not re.fullmatch(pattern, value, re.ASCII):
        told = value if shown else None
        yield failure(member, f"Member must satisfy regular expression pattern: {pattern}", told)


def between(member: str, value: str, least: int, most: int, *, shown: bool = False) -> Iterator[str]:
    """Return a check for an integer from `least` to `most`. Raises AwsError if the value is not a number."""
    told = value if shown else None
    if number(member, value) < least:
        yield failure(member, f"Member must have value greater than or equal to {least}", told)
    if number(member, value) > most:
        yield failure(member, f"Member must have value less than or equal to {most}", told)


def number(member: str, value: str) -> int:
    """Return the number in a query parameter."""
    if not re.fullmatch(r"-?\d{1,18}", value):
        raise AwsError("MalformedInput", f"{member} is no number")
    return int(value)


def all_of(params: Mapping[str, str]) -> Iterator[str]:
    """Return the failures of the parameters that mean the same in every operation of IAM."""
    if "RoleName" in params:
        yield from length("roleName", params["RoleName"], 1, 64)
    if "PolicyName" in params:
        yield from length("policyName", params["PolicyName"], 1, 128)
    if "Path" in params:
        yield from length("path", params["Path"], 1, 512)
    if "Description" in params:
        yield from length("description", params["Description"], 0, 1000)
        yield from matches("description", params["Description"], TEXT)
    if "MaxSessionDuration" in params:
        yield from between("maxSessionDuration", params["MaxSessionDuration"], 3600, 43200)
    if "VersionId" in params:
        yield from matches("versionId", params["VersionId"], VERSION_ID)
    if "MaxItems" in params:
        yield from between("maxItems", params["MaxItems"], 1, 1000)
    for member in ("AssumeRolePolicyDocument", "PolicyDocument"):
        if member in params:
            yield from document(member[0].lower() + member[1:], params[member])
    yield from tag_keys(removed_keys(params))
    yield from tags(tags_of(params))


def check(params: Mapping[str, str]) -> None:
    """Raise AwsError unless all parameters meet IAM's constraints."""
    violated(all_of(params))
    for member in ("RoleName", "PolicyName"):
        if member in params and not re.fullmatch(NAME, params[member], re.ASCII):
            raise AwsError(
                "ValidationError",
                f"The specified value for {member[0].lower()}{member[1:]} is invalid. "
                "It must contain only alphanumeric characters and/or the following: +=,.@_-",
            )
    if "Path" in params and not re.fullmatch(PATH, params["Path"]):
        raise AwsError(
            "ValidationError",
            "The specified value for path is invalid. "
            "It must begin and end with / and contain only alphanumeric characters and/or / characters.",
        )
    if "Marker" in params and not MARKER.fullmatch(params["Marker"]):
        raise AwsError("ValidationError", "Invalid Marker.")


def document(member: str, value: str) -> Iterator[str]:
    """Return the failures of the characters of a policy document."""
    yield from length(member, value, 1, 131072)
    if value:
        yield from matches(member, value, DOCUMENT)


def policy_arn(value: str, code: str) -> None:
    """Raise AwsError with that code unless the value has the form of the ARN of a managed policy."""
    if len(value) > 2048 or not re.fullmatch(ARN, value) or ":policy/" not in value:
        raise AwsError(code, f"ARN {value} is not valid.")


def tags(given: list[tuple[str, str]]) -> Iterator[str]:
    """Return the failures of a request's tags: their number, and their lengths and characters."""
    if len(given) > 50:
        yield failure("tags", "Member must have length less than or equal to 50")
    for number_, (key, value) in enumerate(given, 1):
        yield from length(f"tags.{number_}.member.key", key, 1, 128)
        yield from length(f"tags.{number_}.member.value", value, 0, 256)
        for part, text, pattern in (("key", key, TAG_KEY), ("value", value, TAG_VALUE)):
            if not all(tag_character(one) for one in text):
                constraint = f"Member must satisfy regular expression pattern: {pattern}"
                yield failure(f"tags.{number_}.member.{part}", constraint)


def tag_keys(given: list[str]) -> Iterator[str]:
    """Return the failures of the keys of a request that removes tags."""
    if len(given) > 50:
        yield failure("tagKeys", "Member must have length less than or equal to 50")
    if not all(0 < len(key) <= 128 and all(map(tag_character, key)) for key in given):
        rules = (
            "Member must have length less than or equal to 128",
            "Member must have length greater than or equal to 1",
            f"Member must satisfy regular expression pattern: {TAG_KEY}",
            "Member must not be null",
        )
        yield failure("tagKeys", f"Member must satisfy constraint: [{', '.join(rules)}]")


def distinct(given: list[tuple[str, str]], *, case_sensitive: bool) -> None:
    """Raise AwsError if the tags of a request have equal keys, or one with the prefix `aws:`.

    The code for that prefix is InvalidInput. Its message has not been recorded.
    """
    for key, _ in given:
        if key.lower().startswith("aws:"):
            raise AwsError("InvalidInput", f"Tag key {key} begins with aws:, which is reserved for AWS use.")
    if len({key if case_sensitive else key.lower() for key, _ in given}) < len(given):
        why = "" if case_sensitive else " Please note that Tag keys are case insensitive."
        raise AwsError("InvalidInput", f"Duplicate tag keys found.{why}")


def tags_of(params: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the tags of a query-protocol request, in order."""
    found: list[tuple[str, str]] = []
    while (key := params.get(f"Tags.member.{len(found) + 1}.Key")) is not None:
        found.append((key, params.get(f"Tags.member.{len(found) + 1}.Value", "")))
    return found


def removed_keys(params: Mapping[str, str]) -> list[str]:
    """Return the keys of a request that removes tags, in order."""
    return members(params, "TagKeys")


def members(params: Mapping[str, str], name: str) -> list[str]:
    """Return a list of the query protocol, in order."""
    found: list[str] = []
    while (value := params.get(f"{name}.member.{len(found) + 1}")) is not None:
        found.append(value)
    return found


def tag_character(character: str) -> bool:
    r"""Return whether a character is in [\p{L}\p{Z}\p{N}_.:/=+\-@]."""
    return character in "_.:/=+-@" or unicodedata.category(character)[0] in "LZN"
