# SPDX-License-Identifier: GPL-3.0-or-later

"""Turn policy options into references; reads and checks policy files, but makes no call to AWS."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable
from typing import Any

from ..errors import InvalidFile, InvalidValue, excerpt, quoted
from ..wording.text import Sentence
from .document import document_size, parse_policy_file
from .json_text import POLICY_DOCUMENT, POLICY_FILE
from .limits import INLINE_SIZE, total
from .reference import (
    POLICY,
    AbsentReference,
    InlineName,
    InlinePolicy,
    PolicyFile,
    PolicyReference,
    check_inline_name,
    classify,
    inline_name,
)

# More than the parser accepts, so that the parser reports a file that is too large.
READ_LIMIT = 2 * 1024 * 1024


def read_policies(
    values: Iterable[str], field: Sentence = POLICY, documents: Iterable[InlinePolicy] = ()
) -> tuple[PolicyReference, ...]:
    """The references of `values`, followed by `documents`, without duplicates.

    Raises:
        InvalidValue: a value is not a policy, or two files would become the same inline policy.
        InvalidFile: a file cannot be read or is not a permissions policy, or all together are too large.
    """
    # Check all values before reading any file.
    typed = [classify(value, field) for value in values]
    # `./reader.json`, `reader.json` and a link to it are the same file: the first spelling is used.
    spelled: dict[tuple[str, str], str] = {}
    typed = [
        PolicyFile(spelled.setdefault(_identity(one.path, field), one.path))
        if isinstance(one, PolicyFile)
        else one
        for one in typed
    ]
    names = _inline_names((one.path for one in typed if isinstance(one, PolicyFile)), field)
    references: list[PolicyReference] = [
        InlinePolicy(names[one.path], parse_policy_file(_read(one.path), one.path), one.path)
        if isinstance(one, PolicyFile)
        else one
        for one in typed
    ]
    references += documents
    unique = tuple({repr(reference): reference for reference in references}.values())
    inline = [policy for policy in unique if isinstance(policy, InlinePolicy)]
    _refuse_namesakes(inline, field)
    _refuse_too_much(inline)
    return unique


def parse_document(name: str, document: Any, field: Sentence) -> InlinePolicy:
    """The inline policy with this name and document, which is parsed JSON or YAML, or JSON text.

    Raises:
        InvalidValue: the name is not valid for an inline policy.
        InvalidFile: the document is not a permissions policy.
    """
    try:
        # A templated document is a string: https://docs.ansible.com/ansible-core/2.19/porting_guides
        text = document if isinstance(document, str) else json.dumps(document)
    except (TypeError, ValueError) as error:
        raise InvalidValue(
            field, name, f"the document must be JSON: {error}", remedy="use plain values"
        ) from None
    raw = text.encode(errors="surrogatepass")
    return InlinePolicy(check_inline_name(name, field), parse_policy_file(raw, name, POLICY_DOCUMENT), name)


def read_absent(values: Iterable[str], field: Sentence = POLICY) -> tuple[AbsentReference, ...]:
    """The references of policies to remove; a file that does not exist still yields an inline policy's name.

    Raises:
        InvalidValue: a value is not a policy.
        InvalidFile: a file exists but cannot be read or is not a permissions policy.
    """
    found: list[AbsentReference] = []
    for typed in [classify(value, field) for value in values]:
        if not isinstance(typed, PolicyFile):
            found.append(typed)
        elif os.path.lexists(typed.path):
            document = parse_policy_file(_read(typed.path), typed.path)
            found.append(InlinePolicy(inline_name(typed.path, field), document, typed.path))
        else:
            found.append(InlineName(inline_name(typed.path, field)))
    return tuple({repr(reference): reference for reference in found}.values())


def _identity(path: str, field: Sentence) -> tuple[str, str]:
    """The file itself and the name of its policy, which a link with another name does not share."""
    return os.path.realpath(path), inline_name(path, field)


def _inline_names(paths: Iterable[str], field: Sentence) -> dict[str, str]:
    """The name of the inline policy of each file; raises InvalidValue if two are the same."""
    names: dict[str, str] = {}
    for path in paths:
        name = inline_name(path, field)
        other = next((known for known in names if names[known] == name and known != path), None)
        if other:
            raise InvalidValue(
                field,
                excerpt(path),
                f"the inline policy {name} would also come from {quoted(excerpt(other))}",
                remedy="rename one of the files",
            )
        names[path] = name
    return names


def _read(path: str) -> bytes:
    problem, remedy = "is not a regular file", "use the path of a regular file"
    try:
        # Opening a pipe without a writer would block forever.
        if stat.S_ISREG(mode := os.stat(path).st_mode):
            with open(path, "rb") as file:
                return file.read(READ_LIMIT)
        if stat.S_ISDIR(mode):
            problem, remedy = "is a directory", "use the path of a file in it"
    except FileNotFoundError:
        problem, remedy = "does not exist", "check the path"
    except PermissionError:
        problem, remedy = "cannot be read: permission denied", "make it readable"
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "invalid path").lower()
        problem, remedy = f"cannot be read: {reason}", "check the path"
    raise InvalidFile(f"policy file {quoted(excerpt(path))} {problem}", remedy=remedy, resource=path)


def _refuse_namesakes(policies: list[InlinePolicy], field: Sentence) -> None:
    names = [policy.name for policy in policies]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise InvalidValue(
            field, twice, "two different inline policies have this name", remedy="rename one of them"
        )


def _refuse_too_much(policies: list[InlinePolicy]) -> None:
    size = total(document_size(policy.document) for policy in policies).least
    if size > INLINE_SIZE:
        # The source of a policy that does not come from a file is its name.
        has_files = all(policy.source != policy.name for policy in policies)
        nouns = f"{POLICY_FILE}s" if has_files else "inline policies"
        raise InvalidFile(
            f"{nouns} {excerpt(', '.join(policy.source for policy in policies), 300)} have {size:,}"
            " characters without whitespace, but all inline policies of a role together may have"
            f" only {INLINE_SIZE:,}",
            remedy="make one of them a managed policy",
        )
