# SPDX-License-Identifier: GPL-3.0-or-later

"""What the user typed as a policy, with files read and checked: still before any call to AWS."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable
from typing import Any

from ..errors import InvalidFile, InvalidValue, excerpt
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

# A little more than the parser takes, so that it is the parser that says what is too large.
READ_LIMIT = 2 * 1024 * 1024


def read_policies(
    values: Iterable[str], field: Sentence = POLICY, documents: Iterable[InlinePolicy] = ()
) -> tuple[PolicyReference, ...]:
    """A reference for each value, none twice, and then the `documents` that were given as such.

    Raises:
        InvalidValue: a value that cannot be a policy, or two files that would become one inline policy.
        InvalidFile: a file that cannot be read or is no identity policy, or all together are too large.
    """
    # First all that argv alone tells, then what the files say.
    typed = [classify(value, field) for value in values]
    # `./reader.json` and `reader.json` are one file: the first spelling counts.
    spelled: dict[str, str] = {}
    typed = [
        PolicyFile(spelled.setdefault(os.path.normpath(one.path), one.path))
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
    """The inline policy that a structure, as parsed JSON or YAML, or its JSON text is under its name.

    Raises:
        InvalidValue: the name is none that IAM takes.
        InvalidFile: the document is no identity policy.
    """
    try:
        # A template is text, and stays it: https://docs.ansible.com/ansible-core/2.19/porting_guides
        text = document if isinstance(document, str) else json.dumps(document)
    except (TypeError, ValueError) as error:
        raise InvalidValue(field, name, f"is no JSON document: {error}", remedy="use plain values") from None
    raw = text.encode(errors="surrogatepass")
    return InlinePolicy(check_inline_name(name, field), parse_policy_file(raw, name, POLICY_DOCUMENT), name)


def read_absent(values: Iterable[str], field: Sentence = POLICY) -> tuple[AbsentReference, ...]:
    """A reference for each policy that is to be gone; a file that is gone too still has its name.

    Raises:
        InvalidValue: a value that cannot be a policy.
        InvalidFile: a file that is there but is no identity policy.
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


def _inline_names(paths: Iterable[str], field: Sentence) -> dict[str, str]:
    """The inline policy that each file becomes; no two files may become the same."""
    names: dict[str, str] = {}
    for path in paths:
        name = inline_name(path, field)
        other = next((known for known in names if names[known] == name and known != path), None)
        if other:
            raise InvalidValue(
                field,
                excerpt(path),
                f"would become the inline policy {name}, as {excerpt(other)!r} does",
                remedy="rename one of the files",
            )
        names[path] = name
    return names


def _read(path: str) -> bytes:
    problem, remedy = "is no regular file", "give the path of a file"
    try:
        # Opening a pipe that nobody writes to would wait for ever.
        if stat.S_ISREG(mode := os.stat(path).st_mode):
            with open(path, "rb") as file:
                return file.read(READ_LIMIT)
        if stat.S_ISDIR(mode):
            problem, remedy = "is a directory", "name the file in it"
    except FileNotFoundError:
        problem, remedy = "does not exist", "check the path"
    except PermissionError:
        problem, remedy = "may not be read", "make it readable"
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "its path cannot be right").lower()
        problem, remedy = f"cannot be read: {reason}", "check the path"
    raise InvalidFile(f"policy file {excerpt(path)!r} {problem}", remedy=remedy, resource=path)


def _refuse_namesakes(policies: list[InlinePolicy], field: Sentence) -> None:
    names = [policy.name for policy in policies]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise InvalidValue(
            field, twice, "is the name of two different inline policies", remedy="rename one of them"
        )


def _refuse_too_much(policies: list[InlinePolicy]) -> None:
    size = total(document_size(policy.document) for policy in policies).least
    if size > INLINE_SIZE:
        # What comes from no file has its name as its source.
        has_files = all(policy.source != policy.name for policy in policies)
        nouns = f"{POLICY_FILE}s" if has_files else "inline policies"
        raise InvalidFile(
            f"{nouns} {excerpt(', '.join(policy.source for policy in policies), 300)} have {size:,}"
            " characters without white space, and a role's inline policies may have"
            f" {INLINE_SIZE:,} in all",
            remedy="make one of them a managed policy",
        )
