"""Constraints on single values (IAM API reference: the parameters' constraints).

Messages that users reported: "The specified value for roleName is invalid. …" (many), "1 validation error
detected: …" for a long name (sbstjn/serverless-dynamodb-autoscaling#9), "Duplicate tag keys found. …"
(terraform-aws-modules/terraform-aws-rds-aurora#189). Those for a path, an ARN and a reserved tag key have no
source.
"""

from __future__ import annotations

import re
import unicodedata

from pocket_eks.gate.aws_errors import AwsError

NAME = r"[\w+=,.@-]+"
PATH = r"(/)|(/[!-\x7e]+/)"
TEXT = r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*"
DOCUMENT = r"[\u0009\u000A\u000D\u0020-\u00FF]+"
TAG_KEY = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+"
TAG_VALUE = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"
ARN = r"arn:aws[a-z-]*:iam::(\d{12}|aws):[!-~]+"


def violation(member: str, value: str | None, constraint: str) -> AwsError:
    """The ValidationError of one member; IAM leaves a value of None out."""
    shown = "Value" if value is None else f"Value '{value}'"
    return AwsError(
        "ValidationError",
        f"1 validation error detected: {shown} at '{member}' failed to satisfy constraint: {constraint}",
    )


def length(member: str, value: str, least: int, most: int) -> None:
    """Between `least` and `most` characters."""
    if len(value) < least:
        raise violation(member, value, f"Member must have length greater than or equal to {least}")
    if len(value) > most:
        raise violation(member, value, f"Member must have length less than or equal to {most}")


def matches(member: str, value: str, pattern: str) -> None:
    """As a whole of a pattern; `\\w` is ASCII for AWS."""
    if not re.fullmatch(pattern, value, re.ASCII):
        raise violation(member, value, f"Member must satisfy regular expression pattern: {pattern}")


def at_least(member: str, value: str, least: int) -> None:
    """A whole number, not below `least`."""
    if number(member, value) < least:
        raise violation(member, value, f"Member must have value greater than or equal to {least}")


def at_most(member: str, value: str, most: int) -> None:
    """A whole number, not above `most`."""
    if number(member, value) > most:
        raise violation(member, value, f"Member must have value less than or equal to {most}")


def number(member: str, value: str) -> int:
    """The number that a query parameter holds."""
    if not re.fullmatch(r"-?\d{1,18}", value):
        raise AwsError("MalformedInput", f"{member} is no number")
    return int(value)


def name(member: str, value: str, most: int) -> None:
    """The name of a role or a policy."""
    length(member, value, 1, most)
    if not re.fullmatch(NAME, value, re.ASCII):
        raise AwsError(
            "ValidationError",
            f"The specified value for {member} is invalid. "
            "It must contain only alphanumeric characters and/or the following: +=,.@_-",
        )


def path(value: str) -> None:
    """The path of a role or a policy."""
    length("path", value, 1, 512)
    if not re.fullmatch(PATH, value):
        raise AwsError(
            "ValidationError",
            "The specified value for path is invalid. "
            "It must begin and end with / and contain only alphanumeric characters and/or / characters.",
        )


def description(value: str) -> None:
    """The description of a role or a policy."""
    length("description", value, 0, 1000)
    if not re.fullmatch(TEXT, value):
        raise violation("description", None, f"Member must satisfy regular expression pattern: {TEXT}")


def session_length(value: str) -> None:
    """MaxSessionDuration in seconds: one to twelve hours."""
    at_least("maxSessionDuration", value, 3600)
    at_most("maxSessionDuration", value, 43200)


def document(member: str, value: str) -> None:
    """The characters that a policy document may consist of."""
    if len(value) > 131072:
        raise violation(member, None, "Member must have length less than or equal to 131072")
    if not re.fullmatch(DOCUMENT, value):
        raise violation(member, None, f"Member must satisfy regular expression pattern: {DOCUMENT}")


def policy_arn(member: str, value: str) -> None:
    """The ARN of a managed policy, as far as its form goes."""
    length(member, value, 20, 2048)
    if not re.fullmatch(ARN, value) or ":policy/" not in value:
        raise AwsError("InvalidInput", f"ARN {value} is not valid.")


def tags(given: list[tuple[str, str]]) -> None:
    """Keys and values of a request's tags: number, length, characters, the reserved prefix, duplicates.

    IAM's words for the reserved prefix are not known to us; the code is.
    """
    if len(given) > 50:
        raise violation("tags", None, "Member must have length less than or equal to 50")
    for number_, (key, value) in enumerate(given, 1):
        length(f"tags.{number_}.member.key", key, 1, 128)
        length(f"tags.{number_}.member.value", value, 0, 256)
        if not all(tag_character(one) for one in key):
            raise violation(
                f"tags.{number_}.member.key",
                key,
                f"Member must satisfy regular expression pattern: {TAG_KEY}",
            )
        if not all(tag_character(one) for one in value):
            raise violation(
                f"tags.{number_}.member.value",
                value,
                f"Member must satisfy regular expression pattern: {TAG_VALUE}",
            )
        if key.lower().startswith("aws:"):
            raise AwsError("InvalidInput", f"Tag key {key} begins with aws:, which is reserved for AWS use.")
    if len({key.lower() for key, _ in given}) < len(given):
        raise AwsError(
            "InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        )


def tag_character(character: str) -> bool:
    r"""Whether a character is in [\p{L}\p{Z}\p{N}_.:/=+\-@]."""
    return character in "_.:/=+-@" or unicodedata.category(character)[0] in "LZN"
