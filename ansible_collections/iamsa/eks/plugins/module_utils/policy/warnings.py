# SPDX-License-Identifier: GPL-3.0-or-later

"""What in a valid policy document probably means something else than its author thinks.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..errors import excerpt, quoted
from .equality import Document
from .reference import InlinePolicy, ResolvedPolicy

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
# ${*}, ${?} and ${$} are the characters themselves.
_CHARACTERS = ("*", "?", "$")
_EVERYTHING = ("*", "*:*")


def policy_warnings(policies: Iterable[ResolvedPolicy]) -> tuple[str, ...]:
    """Return the warnings about the documents of inline policies, and about names of two managed policies."""
    return tuple(warning for policy in policies for warning in _warnings(policy))


def _warnings(policy: ResolvedPolicy) -> Iterator[str]:
    if isinstance(policy, InlinePolicy):
        yield from (f"{policy.words} {problem}" for problem in _problems(policy.document))
    elif policy.namesake:
        yield f"policy {policy.name} is {policy.arn}; for the policy of this account, use {policy.namesake}"


def _problems(document: Document) -> Iterator[str]:
    if "Version" not in document:
        yield (
            "has no Version, so IAM uses 2008-10-17, in which policy variables such as ${aws:username} are"
            ' plain text; write "Version": "2012-10-17"'
        )
    for name in dict.fromkeys(_names(document.get("Statement"))):
        variable = quoted(excerpt("${" + name + "}"))
        yield f"contains {variable}, which is not a policy variable; replace it with its value"
    if any(map(_allows_everything, _listed(document.get("Statement")))):
        yield "allows all actions on all resources; allow only the actions that the pods need"


def _names(value: Any) -> Iterator[str]:
    """Return the names in ${…} that no policy variable can have: those of IAM contain a colon."""
    if isinstance(value, str):
        found = _VARIABLE.findall(value)
        yield from (name for name in found if ":" not in name and name not in _CHARACTERS)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _names(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _names(inner)


def _allows_everything(statement: Any) -> bool:
    return (
        isinstance(statement, Mapping)
        and statement.get("Effect") == "Allow"
        and not statement.get("Condition")
        and any(one in _EVERYTHING for one in _listed(statement.get("Action")))
        and "*" in _listed(statement.get("Resource"))
    )


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
