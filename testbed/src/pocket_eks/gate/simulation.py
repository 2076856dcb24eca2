"""What SimulatePrincipalPolicy and SimulateCustomPolicy find out, for roles and documents.

IAM User Guide: "Policy evaluation logic" (an explicit deny wins, also one of the permissions boundary; what
policies allow counts only if the boundary allows it too), "IAM policy elements: Variables and tags". IAM API
reference: SimulatePrincipalPolicy. The simulator knows of a request what ContextEntries tell it. ministack's
own finding leaves out the boundary, ContextEntries, all resources but the first, and roles with a path.
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
    """A document and what the simulator calls it."""

    source: str
    document: Document


@dataclass(frozen=True)
class Finding:
    """The decision about one action on one resource: the policies of the statements that made it and their
    types, the keys of conditions that nobody told, and whether the boundary allows it, None without one."""

    resource: str
    decision: str
    sources: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    within_boundary: bool | None = None


def decide(question: Question, policies: Sequence[Policy], boundary: Policy | None) -> Finding:
    """What the policies, within the boundary, say to a question."""
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
        # Recorded: the statements that allow it are told, too, where the boundary denies it.
        decision, sources = DENIED, [*allowing, *denying] if denied_within else denying
    elif allowing and within is not False:
        decision, sources = ALLOWED, allowing
    else:
        decision, sources = NOTHING, []
    return Finding(question.resource, decision, tuple(dict.fromkeys(sources)), tuple(sorted(missing)), within)


def strictest(findings: Sequence[Finding]) -> str:
    """The decision about an action on all of the resources."""
    return max((one.decision for one in findings), key=STRICTNESS.index)


def told(document: Document, question: Question) -> Iterator[dict[str, Any]]:
    """The statements, their variables replaced. One whose Resource has a variable that nobody told is about
    nothing, unless that is NotResource."""
    found = document.get("Statement", [])
    for statement in found if isinstance(found, list) else [found]:
        replaced = replace_variables(statement, question)
        if "Resource" in replaced:
            arns = strings(replaced["Resource"])
            replaced["Resource"] = [arn for arn in arns if not _VARIABLE.search(arn)]
        yield replaced


def replace_variables(value: Any, question: Question) -> Any:
    """The same with `${key}` and `${key, 'default'}` replaced; `${*}`, an asterisk, becomes a wildcard."""

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
    """The condition keys of a statement about this action and resource that the question does not have."""
    if not speaks_of({key: value for key, value in statement.items() if key != "Condition"}, question):
        return set()
    keys: set[str] = set()
    for operator, conditions in (statement.get("Condition") or {}).items():
        if parse(operator)[1] != "Null":
            keys |= {key for key in conditions if key.lower() not in question.context}
    return keys


def read(text: str) -> Document | None:
    """A document given as text, or None if it is none."""
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) and "Statement" in document else None
