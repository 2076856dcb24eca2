"""The grammar of identity-based policies, which every emulator implements differently.

Recorded by LocalStack against AWS (tests/aws/services/iam/test_iam_policy_validation.py, 2026-02): the
messages, and which one IAM returns if a document has several faults. CreatePolicy refuses a document without
Version. PutRolePolicy accepts it, as 2008-10-17 (IAM User Guide: "IAM JSON policy elements: Version").
"""

from __future__ import annotations

import json
import re
from typing import Any

from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.conditions import parse, strings

VERSIONS = ("2008-10-17", "2012-10-17")
ELEMENTS = frozenset(
    (
        *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource"),
        "Condition",
    )
)
PARTITIONS = frozenset(
    ("aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f")
)
IAM_PATHS = (
    *("user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/"),
    *("policy/", "sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/"),
)
NEWER_PATHS = ("role-template/",)
"""Resource types that the error does not list, but AWS managed policies use."""

S3_WITH_REGION = (
    "accesspoint/",
    "job/",
    "storage-lens/",
    "storage-lens-group/",
    "access-grants/",
    "async-request/",
)
"""Types of S3 resources whose ARN has a region (Service Authorization Reference: Amazon S3)."""

MOST_YEARS = 292275054
_DATE = re.compile(
    r"(?P<year>-?\d{1,9})(-(0?[1-9]|1[0-2])(-(0?[1-9]|[12]\d|3[01]))?)?"
    r"(t(([01]?\d|2[0-3])(:[0-5]?\d(:[0-5]?\d(\.\d{1,9})?(z|[+-]\d\d(:?\d\d)?)?)?)?)?)?",
    re.IGNORECASE | re.ASCII,
)
_VENDOR = re.compile(r"[A-Za-z0-9.-]+")

Json = dict[str, Any]


def malformed(message: str) -> AwsError:
    """Return the error of a document that IAM does not accept."""
    return AwsError("MalformedPolicyDocument", message)


def check_identity(text: str, *, managed: bool) -> None:
    """Return if IAM accepts the document as an inline policy or as a managed one; raises AwsError."""
    document = loaded(text)
    statements = listed(document["Statement"])
    if managed and document.get("Version") != "2012-10-17":
        raise malformed("Policy document must be version 2012-10-17 or greater.")
    if any("Principal" in one or "NotPrincipal" in one for one in statements):
        raise malformed("Policy document should not specify a principal.")
    for statement in statements:
        if statement["Effect"] not in ("Allow", "Deny") or not dates_are_valid(statement):
            raise malformed("The policy failed legacy parsing")
    problem = problem_of_resources(statements)
    sids = [one["Sid"] for one in statements if one.get("Sid")]
    if len(set(sids)) < len(sids):
        raise malformed("Statement IDs (SID) in a single policy must be unique.")
    if not all(strings_of(one, "Action") for one in statements):
        raise malformed("Policy statement must contain actions.")
    if problem:
        raise malformed(problem)
    if not all(strings_of(one, "Resource") for one in statements):
        raise malformed("Policy statement must contain resources.")
    for statement in statements:
        for action in strings_of(statement, "Action"):
            check_action(action)


def loaded(text: str) -> Json:
    """Return the document if its elements and types are those of the grammar; raises AwsError."""
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict) or not is_in_the_grammar(document):
        raise malformed("Syntax errors in policy.")
    return document


def is_in_the_grammar(document: Json) -> bool:
    """Return whether all elements are known and have values of the right type."""
    statements = listed(document.get("Statement", []))
    return (
        document.keys() <= {"Version", "Id", "Statement"}
        and document.get("Version", "2012-10-17") in VERSIONS
        and isinstance(document.get("Id", ""), str)
        and bool(statements)
        and all(isinstance(one, dict) and is_statement(one) for one in statements)
    )


def is_statement(statement: Json) -> bool:
    """Return whether the elements of a statement are known, with at most one of Action and NotAction."""
    effect = statement.get("Effect")
    return (
        statement.keys() <= ELEMENTS
        and isinstance(effect, str)
        and effect.lower() in ("allow", "deny")
        and isinstance(statement.get("Sid", ""), str)
        and not {"Action", "NotAction"} <= statement.keys()
        and not {"Resource", "NotResource"} <= statement.keys()
        and all(
            isinstance(one, str) or (one is None and isinstance(statement[key], list))
            for key in ("Action", "NotAction", "Resource", "NotResource")
            if key in statement
            for one in listed(statement[key])
        )
        and is_condition(statement.get("Condition", {}))
    )


def is_condition(condition: Any) -> bool:
    """Return whether all operators exist. IAM accepts any operator without keys."""
    if not isinstance(condition, dict):
        return False
    for operator, keys in condition.items():
        if not isinstance(keys, dict) or not all(is_value(one) for one in keys.values()):
            return False
        try:
            parse(operator)
        except ValueError:
            if keys:
                return False
    return True


def is_value(value: Any) -> bool:
    """Return whether it can be the value of a condition key."""
    return all(isinstance(one, (str, bool, int, float)) for one in listed(value))


def dates_are_valid(statement: Json) -> bool:
    """Return whether the values of date operators are dates: ISO 8601, or seconds since 1970."""
    return all(
        is_date(value)
        for operator, keys in statement.get("Condition", {}).items()
        if keys and parse(operator)[1].startswith("Date")
        for values in keys.values()
        for value in strings(values)
    )


def is_date(value: str) -> bool:
    """Return whether IAM accepts it as a date, which may be incomplete: 2026-12."""
    if value.isascii() and value.isdigit():
        return int(value) < 2**63
    found = _DATE.fullmatch(value)
    return found is not None and abs(int(found["year"])) <= MOST_YEARS


def problem_of_resources(statements: list[Json]) -> str:
    """Return IAM's message for the first invalid resource, or "" if all are valid; raises AwsError."""
    for statement in statements:
        for arn in strings_of(statement, "Resource"):
            if arn != "*" and (problem := problem_of(arn)):
                return problem
    return ""


def problem_of(arn: str) -> str:
    """Return IAM's message for a resource other than `*`, or "" if it is valid; raises AwsError."""
    parts = arn.split(":", 5)
    if len(parts) == 1:
        return f'Resource {arn} must be in ARN format or "*".'
    if parts[1] != "*" and parts[1] not in PARTITIONS:
        rest = [*parts[2:], *("*" * 4)][:4]
        shown = ":".join(["arn", parts[1], rest[0] or "*", *rest[1:]])
        return f'Partition "{parts[1]}" is not valid for resource "{shown}".'
    if len(parts) == 2:
        return "Resource vendor must be fully qualified and cannot contain regexes."
    # An ARN may end early (arn:aws:fdsasf), but not with an empty field in between.
    if not parts[2] or (len(parts) < 6 and "::" in arn):
        raise malformed("The policy failed legacy parsing")
    return problem_of_service(arn, parts[2], "".join(parts[3:4]), "".join(parts[5:]))


def problem_of_service(arn: str, service: str, region: str, name: str) -> str:
    """Return IAM's message for an ARN of IAM or S3, or "" if it is valid."""
    if service == "iam" and region:
        return f"IAM resource {arn} cannot contain region information."
    if service == "s3" and region and not name.startswith(S3_WITH_REGION):
        return f"Resource {arn} can not contain region information."
    if service == "iam" and not (name in ("*", "root") or name.startswith((*IAM_PATHS, *NEWER_PATHS))):
        return f'IAM resource path must either be "*", root, or start with {", ".join(IAM_PATHS)}.'
    return ""


def check_action(action: str) -> None:
    """Raise AwsError if the action is invalid."""
    vendor, colon, name = action.partition(":")
    if not colon and vendor != "*":
        raise malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
    if ":" in name:
        raise malformed("Actions/Condition can contain only one colon.")
    if vendor != "*" and not _VENDOR.fullmatch(vendor):
        raise malformed(f"Vendor {vendor} is not valid")


def strings_of(statement: Json, element: str) -> list[str]:
    """Return the values of an element or of its Not form."""
    return [
        one for one in listed(statement.get(element, statement.get(f"Not{element}", []))) if one is not None
    ]


def listed(value: Any) -> list[Any]:
    """Return one or several values as a list."""
    return value if isinstance(value, list) else [value]
