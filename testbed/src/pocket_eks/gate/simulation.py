"""The results of SimulatePrincipalPolicy and SimulateCustomPolicy, for roles and documents.

IAM User Guide: "Policy evaluation logic" (an explicit deny takes precedence, also one of the permissions
boundary; policies allow only what the boundary allows, too), "IAM policy elements: Variables and tags". IAM
API reference: SimulatePrincipalPolicy. The simulator knows only the condition keys in ContextEntries.
ministack's own simulator ignores the boundary, ContextEntries, all resources but the first, and roles with a
path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pocket_eks.gate.authorization_policy import Question, speaks_of
from pocket_eks.gate.conditions import parse, strings

Document = Mapping[str, Any]
ALLOWED, DENIED, NOTHING = "allowed", "explicitDeny", "implicitDeny"
IDENTITY, BOUNDARY = "IAM Policy", "Permissions Boundary Policy"
STRICTNESS = (ALLOWED, NOTHING, DENIED)
_VARIABLE = re.compile(r"\$\{([^},]+)(?:,\s*'([^']*)')?\}")


@dataclass(frozen=True)
class Policy:
    """A document and its name in the simulator's answer."""

    source: str
    document: Document


@dataclass(frozen=True)
class Finding:
    """The decision about one action on one resource.

    It has the policies of the statements that decided and their types, the condition keys that were not
    given, and whether the boundary allows the action; None without a boundary.
    """

    resource: str
    decision: str
    sources: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    within_boundary: bool | None = None


def decide(question: Question, policies: Sequence[Policy], boundary: Policy | None) -> Finding:
    """Return the decision of the policies, within the boundary, about a question."""
    allowing: list[tuple[str, str]] = []
    denying: list[tuple[str, str]] = []
    missing: set[str] = set()
    limits = [boundary] if boundary is not None else []
    allowed_within, denied_within = False, False
    for policy in [*policies, *limits]:
        for statement in told(policy.document, question):
            missing |= unknown_keys(statement, question)
            if not speaks_of(statement, question):
                continue
            if statement.get("Effect") == "Deny":
                denying.append((policy.source, BOUNDARY if policy is boundary else IDENTITY))
                denied_within = denied_within or policy is boundary
            elif policy is boundary:
                allowed_within = True
            else:
                allowing.append((policy.source, IDENTITY))
    within = None if boundary is None else allowed_within and not denied_within
    if denying:
        # Recorded: the statements that allow it are returned, too, if the boundary denies it.
        decision, sources = DENIED, [*allowing, *denying] if denied_within else denying
    elif allowing and within is not False:
        decision, sources = ALLOWED, allowing
    else:
        decision, sources = NOTHING, []
    return Finding(question.resource, decision, tuple(dict.fromkeys(sources)), tuple(sorted(missing)), within)


def strictest(findings: Sequence[Finding]) -> str:
    """Return the decision about an action on all of the resources."""
    return max((one.decision for one in findings), key=STRICTNESS.index)


def told(document: Document, question: Question) -> Iterator[dict[str, Any]]:
    """Return the statements with their variables replaced.

    A statement whose Resource has an unknown variable applies to nothing, unless the element is NotResource.
    """
    found = document.get("Statement", [])
    for statement in found if isinstance(found, list) else [found]:
        replaced = replace_variables(statement, question)
        if "Resource" in replaced:
            arns = strings(replaced["Resource"])
            replaced["Resource"] = [arn for arn in arns if not _VARIABLE.search(arn)]
        yield replaced


def replace_variables(value: Any, question: Question) -> Any:
    """Return the value with `${key}` and `${key, 'default'}` replaced, and `${*}` as a wildcard."""

    def known(match: re.Match[str]) -> str:
        values = question.context.get(match[1].strip().lower(), ())
        if len(values) == 1:
            return values[0]
        if match[1] in ("*", "?", "$"):
            return match[1]
        return match[0] if match[2] is None else match[2]

    if isinstance(value, str):
        return _VARIABLE.sub(known, value)
    if isinstance(value, list):
        return [replace_variables(one, question) for one in value]
    if isinstance(value, dict):
        return {key: replace_variables(one, question) for key, one in value.items()}
    return value


def unknown_keys(statement: Document, question: Question) -> set[str]:
    """Return the condition keys of a statement about the question that the question does not have."""
    if not speaks_of({key: value for key, value in statement.items() if key != "Condition"}, question):
        return set()
    keys: set[str] = set()
    for operator, conditions in (statement.get("Condition") or {}).items():
        if parse(operator)[1] != "Null":
            keys |= {key for key in conditions if key.lower() not in question.context}
    return keys


def read(text: str) -> Document | None:
    """Return a document from its text, or None if it is not a document."""
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) and "Statement" in document else None
