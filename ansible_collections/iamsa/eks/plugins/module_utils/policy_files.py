# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the user typed as a policy, with files read and checked: still before any call to AWS."""

from __future__ import annotations

from collections.abc import Iterable

from .errors import InvalidFile, InvalidValue
from .model.document import ROLE_INLINE_QUOTA, document_size, parse_policy_file
from .model.policy import InlinePolicy, PolicyFile, PolicyReference, classify, inline_name

# A little more than the parser takes, so that it is the parser that says what is too large.
READ_LIMIT = 2 * 1024 * 1024


def read_policies(values: Iterable[str], field: str = "--policy") -> tuple[PolicyReference, ...]:
    """A reference for each value, none twice.

    Raises:
        InvalidValue: a value that cannot be a policy, or two files that would become one inline policy.
        InvalidFile: a file that cannot be read or is no identity policy, or all together are too large.
    """
    references: list[PolicyReference] = []
    files: dict[str, str] = {}
    # First all that argv alone tells, then what the files say.
    for typed in [classify(value, field) for value in values]:
        if not isinstance(typed, PolicyFile):
            references.append(typed)
            continue
        name = inline_name(typed.path, field)
        if files.setdefault(name, typed.path) != typed.path:
            raise InvalidValue(
                field,
                typed.path,
                f"would become the inline policy {name}, as {files[name]!r} does",
                remedy="rename one of the files",
            )
        references.append(InlinePolicy(name, parse_policy_file(_read(typed.path), typed.path), typed.path))
    unique = tuple({repr(reference): reference for reference in references}.values())
    _refuse_too_much([policy for policy in unique if isinstance(policy, InlinePolicy)])
    return unique


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(READ_LIMIT)
    except FileNotFoundError:
        problem, remedy = (
            "does not exist",
            "check the path",
        )
    except IsADirectoryError:
        problem, remedy = "is a directory", "name the file in it"
    except PermissionError:
        problem, remedy = "may not be read", "make it readable"
    except (OSError, ValueError) as error:
        problem, remedy = f"cannot be read ({type(error).__name__})", "check the path"
    raise InvalidFile(f"policy file {path!r} {problem}", remedy=remedy, resource=path)


def _refuse_too_much(policies: list[InlinePolicy]) -> None:
    total = sum(document_size(policy.document) for policy in policies)
    if total > ROLE_INLINE_QUOTA:
        raise InvalidFile(
            f"policy files {', '.join(policy.source for policy in policies)} have {total} characters that are"
            f" not white space, and AWS allows {ROLE_INLINE_QUOTA} for all inline policies of a role",
            remedy="make one of them a managed policy",
        )
