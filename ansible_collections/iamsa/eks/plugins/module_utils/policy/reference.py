# SPDX-License-Identifier: GPL-3.0-or-later

"""The policies that a role is to have: what the user typed, what it refers to, and what it resolves to."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Union

from ..errors import InvalidValue, excerpt
from ..identity.arn import Arn
from ..wording.text import Option, Sentence
from .equality import Document


@dataclass(frozen=True)
class PolicyArn:
    """A managed policy by its ARN, AWS's own or an account's."""

    arn: Arn


@dataclass(frozen=True)
class PolicyName:
    """A managed policy by name; which one it means is looked up in the account."""

    name: str


@dataclass(frozen=True)
class PolicyFile:
    """A policy document by the path that was typed, without `file://`; nothing is read yet."""

    path: str


@dataclass(frozen=True)
class InlinePolicy:
    """A policy document that becomes part of the role; `source` is the file it came from, for messages."""

    name: str
    document: Document
    source: str


@dataclass(frozen=True)
class InlineName:
    """An inline policy by its name alone: what is left of a file that does not exist any more."""

    name: str


@dataclass(frozen=True)
class ManagedPolicy:
    """A managed policy that exists."""

    name: str
    arn: str


# Union[…], because ansible-test's pylint takes what is outside of annotations for Python 3.8.
PolicyReference = Union[PolicyArn, PolicyName, InlinePolicy]  # noqa: UP007
ResolvedPolicy = Union[ManagedPolicy, InlinePolicy]  # noqa: UP007
# What is to be gone: nothing of it need exist, so nothing of it is looked up.
AbsentReference = Union[PolicyArn, PolicyName, InlinePolicy, InlineName]  # noqa: UP007

# Patterns of policyNameType and policyPathType in IAM's API model.
_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{1,128}")
_RESOURCE = re.compile(r"policy((?:/[A-Za-z0-9.,+@=_-]+)*/)([A-Za-z0-9_+=,.@-]{1,128})")
_PARTITION = re.compile(r"aws(-[a-z0-9]+)*")
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

_ARN_EXAMPLE = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
_SERVICE_LINKED = "/aws-service-role/"


POLICY = Option("policy")


def classify(value: str, field: Sentence = POLICY) -> PolicyArn | PolicyName | PolicyFile:
    """What kind of policy `value` names: an ARN, a file (`file://…`, a path, `….json`), else a name."""
    if not value.strip():
        raise InvalidValue(field, value, "is empty", remedy="give a policy's name, its ARN or a file")
    if value.lstrip()[0] in "{[":
        raise InvalidValue(
            field, excerpt(value), "is a policy's text", remedy="save it to a file and give the file's path"
        )
    if value.lower().startswith("arn:"):
        return PolicyArn(_attachable(field, value))
    if _is_file(value):
        return PolicyFile(_file_path(field, value))
    return PolicyName(_policy_name(field, value))


def inline_name(path: str, field: Sentence = POLICY) -> str:
    """The name of the inline policy that the file at `path` becomes: the file's stem."""
    base = re.split(r"[/\\]", path)[-1]
    stem = base[: -len(".json")] if base.lower().endswith(".json") else os.path.splitext(base)[0]
    if not _NAME.fullmatch(stem):
        raise InvalidValue(
            field,
            excerpt(path),
            f"would become an inline policy named {excerpt(stem)!r}, which is no valid policy name",
            remedy="rename the file, using 1 to 128 of A-Z a-z 0-9 _ + = , . @ - before its extension",
        )
    return stem


def check_inline_name(name: str, field: Sentence) -> str:
    """The name of an inline policy that has no file."""
    if not _NAME.fullmatch(name):
        raise InvalidValue(
            field,
            excerpt(name),
            "is no name that IAM takes for an inline policy",
            remedy="use 1 to 128 of A-Z a-z 0-9 _ + = , . @ -",
        )
    return name


def check_policy_arn(value: str, field: Sentence) -> Arn:
    """The managed policy's ARN that `value` is.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
    """
    arn = Arn.parse(value)
    if arn is None:
        raise InvalidValue(field, excerpt(value), "is not an ARN", remedy=f"write one such as {_ARN_EXAMPLE}")
    problem = _what_is_wrong(arn)
    if problem:
        raise InvalidValue(
            field, excerpt(value), problem, remedy=f"give an IAM policy's ARN, such as {_ARN_EXAMPLE}"
        )
    return arn


def _what_is_wrong(arn: Arn) -> str:
    match = _RESOURCE.fullmatch(arn.resource)
    faults = (
        (not _PARTITION.fullmatch(arn.partition), f"names no AWS partition: {arn.partition!r}"),
        (arn.service != "iam", f"belongs to the service {arn.service!r}, not to iam"),
        (arn.region != "", f"names a region, {arn.region!r}, which IAM's ARNs never do"),
        (arn.account == "", "names no account: it takes 12 digits, or 'aws' for AWS's own policies"),
        (arn.kind != "policy", f"is the ARN of a {excerpt(arn.kind)}, not of a policy"),
        (match is None or len(arn.path) > 512, "does not end in policy/ and a valid policy path and name"),
    )
    return next((problem for wrong, problem in faults if wrong), "")


def _attachable(field: Sentence, value: str) -> Arn:
    arn = check_policy_arn(value, field)
    if arn.account == "aws" and arn.path.startswith(_SERVICE_LINKED):
        raise InvalidValue(
            field,
            excerpt(value),
            "is for AWS's service-linked roles, and AWS lets nobody attach it",
            remedy="give a policy of another path, or a policy of your own",
        )
    return arn


def _is_file(value: str) -> bool:
    separators = {"/", "\\", os.sep}
    return value.lower().endswith(".json") or any(mark in value for mark in separators)


def _file_path(field: Sentence, value: str) -> str:
    scheme = _URL.match(value)
    path = value
    if scheme:
        if scheme.group(1).lower() != "file":
            raise InvalidValue(
                field, excerpt(value), "is a URL", remedy="download it and give the file's path"
            )
        path = value[scheme.end() :]
    if not path:
        raise InvalidValue(field, value, "names no file", remedy="write file:// and then the file's path")
    if _CONTROL.search(path):
        raise InvalidValue(
            field, excerpt(value), "contains a control character", remedy="give the file's path as it is"
        )
    return path


def _policy_name(field: Sentence, value: str) -> str:
    if not _NAME.fullmatch(value):
        raise InvalidValue(
            field,
            excerpt(value),
            "is not a policy name: 1 to 128 of the characters A-Z a-z 0-9 _ + = , . @ -",
            remedy="give a policy's name, its ARN, or a file by a path that contains / or ends in .json",
        )
    return value
