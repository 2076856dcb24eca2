"""Identity-based policies: those that the gate can evaluate, and the result for a request.

IAM User Guide: "Grammar of the IAM JSON policy language", "Policy evaluation logic" (an explicit deny takes
precedence; what no statement allows is denied), "IAM JSON policy elements: Resource".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.conditions import COMPARE, Context, holds, like, parse, strings
from pocket_eks.gate.documents import check_conditions, statements
from pocket_eks.gate.problem import Problem

_ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+")
_RESOURCE = re.compile(r"\*|arn(:[^:]*){4}:.+")
_SID = re.compile(r"[A-Za-z0-9]*")
KEYS = ("aws:tagkeys", "iam:policyarn", "iam:permissionsboundary", "iam:passedtoservice")
KEY_PREFIXES = ("aws:requesttag/", "aws:resourcetag/", "iam:resourcetag/")
"""The condition keys that a request here can have, lower case: see `authorization_request` and `…_eks`."""


class Verdict(Enum):
    """The result of a policy for a request."""

    ALLOWED = "allowed"
    DENIED = "explicitly denied"
    NOTHING = "nothing said, which is a denial"


@dataclass(frozen=True)
class Question:
    """One action on one resource. `action` has the form `iam:GetRole`, `resource` is an ARN or `*`.

    `name` is the resource in error messages that do not use its ARN: `role shop`.
    """

    action: str
    resource: str
    context: Context
    name: str = ""

    @property
    def told(self) -> str:
        """Return the resource as error messages name it."""
        return self.name or self.resource


def judge(document: Mapping[str, Any], question: Question) -> Verdict:
    """Return the result of a document that passed `checked`."""
    found = Verdict.NOTHING
    for statement in statements(dict(document)):
        if not speaks_of(statement, question):
            continue
        if statement["Effect"] == "Deny":
            return Verdict.DENIED
        found = Verdict.ALLOWED
    return found


def speaks_of(statement: Mapping[str, Any], question: Question) -> bool:
    """Return whether action, resource and conditions of a statement match. Only actions ignore case."""
    action = question.action.lower()
    names = [one.lower() for one in strings(statement.get("Action", statement.get("NotAction")))]
    arns = strings(statement.get("Resource", statement.get("NotResource")))
    return (
        any(like(action, one) for one in names) == ("Action" in statement)
        and any(like(question.resource, one) for one in arns) == ("Resource" in statement)
        and holds(statement.get("Condition") or {}, question.context) is None
    )


def checked(raw: Any) -> dict[str, Any]:
    """Return `raw` if the gate can evaluate it.

    Raises:
        Problem: 400 if it is not an identity-based policy, 501 if it has features that the gate lacks.
    """
    if not isinstance(raw, dict):
        raise Problem("policy must be an IAM policy document, a JSON object, or null.")
    for key in raw:
        if key not in ("Version", "Id", "Statement"):
            raise Problem(f"policy cannot have the element {key!r}, only Version, Id and Statement.")
    if raw.get("Version") != "2012-10-17":
        raise Problem(f"policy must have the Version '2012-10-17'; got {raw.get('Version')!r}.")
    sids: set[str] = set()
    for number, statement in enumerate(listed(raw)):
        where = f"Statement {number} of policy"
        check_statement(where, statement)
        sid = statement.get("Sid", "")
        if not isinstance(sid, str) or not _SID.fullmatch(sid) or sid in sids - {""}:
            raise Problem(f"{where} has the Sid {sid!r}: a Sid is of letters and digits, and unique.")
        sids.add(sid)
    return raw


def listed(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the statements. Raises Problem."""
    try:
        return statements(raw)
    except AwsError as error:
        raise Problem(f"policy is none that IAM takes: {error.message.rstrip('!.')}.") from None


def check_statement(where: str, statement: dict[str, Any]) -> None:
    """Return one statement. Raises Problem."""
    for element in ("Principal", "NotPrincipal"):
        if element in statement:
            raise Problem(f"{where} names a {element}, which an identity-based policy cannot.")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise Problem(f"{where} must have the Effect Allow or Deny; got {statement.get('Effect')!r}.")
    for element, pattern in (("Action", _ACTION), ("Resource", _RESOURCE)):
        if (element in statement) == (f"Not{element}" in statement):
            raise Problem(f"{where} must have either {element} or Not{element}.")
        values = statement.get(element, statement.get(f"Not{element}"))
        several = values if isinstance(values, list) else [values]
        for value in several or [None]:
            if not isinstance(value, str) or not pattern.fullmatch(value):
                raise Problem(f"{where} has the {element.lower()} {value!r}, which is none.")
            check_variables(where, value)
    check_condition(where, statement.get("Condition", {}))


def check_condition(where: str, condition: Any) -> None:
    """Return the Condition element of a statement. Raises Problem."""
    try:
        check_conditions(condition)
    except AwsError as error:
        raise Problem(
            f"{where} has a Condition that IAM does not take: {error.message.rstrip('.')}."
        ) from None
    for operator, keys in condition.items():
        base = parse(operator)[1]
        if base != "Null" and base.replace("Not", "", 1) not in COMPARE:
            raise Problem(f"{where} uses {operator}, which this gate cannot judge.", 501)
        for key, values in keys.items():
            if key.lower() not in KEYS and not key.lower().startswith(KEY_PREFIXES):
                raise Problem(f"{where} asks for {key}, which this gate does not know of a request.", 501)
            for value in strings(values):
                check_variables(where, value)


def check_variables(where: str, value: str) -> None:
    """Raise Problem for a policy variable, which must not be compared literally."""
    if "${" in value:
        raise Problem(f"{where} has the variable {value!r}, which this gate does not replace.", 501)
