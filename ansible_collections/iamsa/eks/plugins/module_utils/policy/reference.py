# SPDX-License-Identifier: GPL-3.0-or-later

"""References to policies: classify what the user typed, and the policies that it resolves to."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Union

from ..errors import InvalidValue, excerpt, quoted
from ..identity.arn import Arn
from ..wording.text import Option, Sentence
from .equality import Document
from .json_text import POLICY_DOCUMENT, POLICY_FILE


@dataclass(frozen=True)
class PolicyArn:
    """A managed policy by ARN, AWS managed or customer managed."""

    arn: Arn


@dataclass(frozen=True)
class PolicyName:
    """A managed policy by name, which is looked up in the account."""

    name: str


@dataclass(frozen=True)
class PolicyFile:
    """A policy file by the path that was typed, without `file://`; it was not read yet."""

    path: str


@dataclass(frozen=True)
class InlinePolicy:
    """A policy document to embed in the role; `source` is its file's path, or its name if it has no file."""

    name: str
    document: Document
    source: str

    @property
    def words(self) -> str:
        """The policy in a sentence: `policy file "reader.json"`, or `policy document "reader"`."""
        noun = POLICY_DOCUMENT if self.source == self.name else POLICY_FILE
        return f"{noun} {quoted(self.source)}"


@dataclass(frozen=True)
class InlineName:
    """An inline policy by name, for a file that no longer exists."""

    name: str


@dataclass(frozen=True)
class ManagedPolicy:
    """A managed policy that exists.

    `namesake` is the ARN of a policy of the account with the same name, which was not chosen.
    """

    name: str
    arn: str
    namesake: str = field(default="", compare=False)


# Union[…], because ansible-test's pylint expects Python 3.8 outside annotations.
PolicyReference = Union[PolicyArn, PolicyName, InlinePolicy]  # noqa: UP007
ResolvedPolicy = Union[ManagedPolicy, InlinePolicy]  # noqa: UP007
# A policy to remove. It need not exist, so it is not looked up.
AbsentReference = Union[PolicyArn, PolicyName, InlinePolicy, InlineName]  # noqa: UP007

# Patterns of policyNameType and policyPathType in IAM's API model.
_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{1,128}")
_RESOURCE = re.compile(r"policy((?:/[A-Za-z0-9.,+@=_-]+)*/)([A-Za-z0-9_+=,.@-]{1,128})")
_PARTITION = re.compile(r"aws(-[a-z0-9]+)*")
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

YAML_EXTENSIONS = (".yaml", ".yml")
_EXTENSIONS = (".json", *YAML_EXTENSIONS)

_ARN_EXAMPLE = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
_SERVICE_LINKED = "/aws-service-role/"


POLICY = Option("policy")


def classify(value: str, field: Sentence = POLICY) -> PolicyArn | PolicyName | PolicyFile:
    """The reference in `value`: an ARN, a file (`file://…`, a path, `….json`, `….yaml`), or else a name.

    Raises:
        InvalidValue: it is none of these.
    """
    if not value.strip():
        raise InvalidValue(field, value, "must not be empty", remedy="use a policy name, an ARN or a file")
    if value.lstrip()[0] in "{[":
        raise InvalidValue(
            field,
            excerpt(value),
            "must be a policy name, an ARN or a file, not a policy document",
            remedy="save it to a file and use the file's path",
        )
    _refuse_list(field, value)
    if value.lower().startswith("arn:"):
        return PolicyArn(_attachable(field, value))
    if _is_file(value):
        return PolicyFile(_file_path(field, value))
    return PolicyName(_policy_name(field, value))


def inline_name(path: str, field: Sentence = POLICY) -> str:
    """The name of the inline policy of the file at `path`: the file's stem."""
    base = re.split(r"[/\\]", path)[-1]
    stem = base[: -len(".json")] if base.lower().endswith(".json") else os.path.splitext(base)[0]
    if not _NAME.fullmatch(stem):
        raise InvalidValue(
            field,
            excerpt(path),
            f"the inline policy would be named {quoted(excerpt(stem))}, which is not a valid policy name",
            remedy="rename the file: use 1 to 128 of A-Z a-z 0-9 _ + = , . @ - before its extension",
        )
    return stem


def check_inline_name(name: str, field: Sentence) -> str:
    """`name`, if it is valid for an inline policy; else raises InvalidValue."""
    if not _NAME.fullmatch(name):
        raise InvalidValue(
            field,
            excerpt(name),
            "must be a valid policy name",
            remedy="use 1 to 128 of A-Z a-z 0-9 _ + = , . @ -",
        )
    return name


def check_policy_arn(value: str, field: Sentence) -> Arn:
    """The ARN in `value`, which must be that of a managed policy; else raises InvalidValue.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
    """
    arn = Arn.parse(value)
    if arn is None:
        raise InvalidValue(
            field, excerpt(value), "must be an ARN", remedy=f"write one such as {_ARN_EXAMPLE}"
        )
    problem = _what_is_wrong(arn)
    if problem:
        raise InvalidValue(
            field, excerpt(value), problem, remedy=f"use the ARN of an IAM policy, such as {_ARN_EXAMPLE}"
        )
    return arn


def _what_is_wrong(arn: Arn) -> str:
    match = _RESOURCE.fullmatch(arn.resource)
    faults = (
        (not _PARTITION.fullmatch(arn.partition), f"unknown AWS partition {quoted(arn.partition)}"),
        (arn.service != "iam", f"the service must be iam, not {quoted(arn.service)}"),
        (arn.region != "", f"the region must be empty, not {quoted(arn.region)}"),
        (arn.account == "", "the account must be 12 digits, or aws for an AWS managed policy"),
        (arn.kind != "policy", f"must be the ARN of a policy, not of a {excerpt(arn.kind)}"),
        (match is None or len(arn.path) > 512, "must end with policy/ and a valid policy path and name"),
    )
    return next((problem for wrong, problem in faults if wrong), "")


def _attachable(field: Sentence, value: str) -> Arn:
    arn = check_policy_arn(value, field)
    if arn.account == "aws" and arn.path.startswith(_SERVICE_LINKED):
        raise InvalidValue(
            field,
            excerpt(value),
            "policies for service-linked roles cannot be attached to other roles",
            remedy="use a policy with another path, or a policy of your own",
        )
    return arn


def _refuse_list(field: Sentence, value: str) -> None:
    """Raise InvalidValue for several policies in one value; a name alone may contain commas."""
    first, *others = (part.strip().lower() for part in value.split(","))
    if (first.endswith(_EXTENSIONS) and others) or any(part.startswith("arn:") for part in others):
        raise InvalidValue(
            field, excerpt(value), "must be one policy, not a list", remedy="specify each policy separately"
        )


def _is_file(value: str) -> bool:
    separators = {"/", "\\", os.sep}
    return value.lower().endswith(_EXTENSIONS) or any(mark in value for mark in separators)


def _file_path(field: Sentence, value: str) -> str:
    scheme = _URL.match(value)
    path = value
    if scheme:
        if scheme.group(1).lower() != "file":
            raise InvalidValue(
                field, excerpt(value), "must not be a URL", remedy="download it and use the file's path"
            )
        path = value[scheme.end() :]
    if not path:
        raise InvalidValue(
            field, value, "must name a file", remedy="write file:// followed by the file's path"
        )
    if _CONTROL.search(path):
        raise InvalidValue(
            field, excerpt(value), "must not contain control characters", remedy="use the file's exact path"
        )
    return path


def _policy_name(field: Sentence, value: str) -> str:
    if not _NAME.fullmatch(value):
        raise InvalidValue(
            field,
            excerpt(value),
            "must be a policy name: 1 to 128 of the characters A-Z a-z 0-9 _ + = , . @ -",
            remedy="use a policy name, an ARN, or a file path that contains / or ends in .json or .yaml",
        )
    return value
