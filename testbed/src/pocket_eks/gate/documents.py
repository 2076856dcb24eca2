"""The grammar of trust policies, where IAM refuses documents that the emulator accepts.

IAM User Guide: "Grammar of the IAM JSON policy language". Recorded by LocalStack against AWS
(tests/aws/services/iam/test_iam_roles.py, 2026-02): "Has prohibited field Resource", "This policy contains
invalid Json", "AssumeRole policy may only specify STS AssumeRole actions." Reported by users: "Federated
principals must be …" (terraform-aws-modules/terraform-aws-iam#202), "Condition can contain only one colon."
(terraform-aws-modules/terraform-aws-eks#1084), "STAR" (aws/aws-cdk#5732), "SERVICE"
(hashicorp/terraform#35086), "Invalid principal in policy" for deleted users and roles (AWS re:Post,
"iam-trust-policy-error"). The other messages, and the spelling "FEDERATED", have no source: tests of a client
should only rely on their code, MalformedPolicyDocument.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.conditions import like, parse, strings
from pocket_eks.gate.identity_policies import ELEMENTS, malformed
from pocket_eks.gate.service_principals import is_service

WELL_KNOWN = frozenset(
    ("accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com")
)
"""Federated principals that are no ARN."""

TYPES = ("AWS", "CanonicalUser", "Federated", "Service")
_PROVIDER = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(oidc-provider|saml-provider)/.+")
ACTIONS = tuple(
    f"sts:{one}".lower()
    for one in (
        *("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot", "TagSession"),
        *("SetContext", "SetSourceIdentity", "DecodeAuthorizationMessage", "GetAccessKeyInfo"),
        *("GetCallerIdentity", "GetFederationToken", "GetServiceBearerToken", "GetSessionToken"),
    )
)
"""The actions of STS, lower case (Service Authorization Reference: AWS Security Token Service)."""


def size(document: str) -> int:
    """Return the length as IAM counts it, without white space, here also in strings, for lack of a source."""
    return len(re.sub(r"\s", "", document))


def load(document: str) -> dict[str, Any]:
    """Return the document as an object. Raises AwsError."""
    try:
        loaded = json.loads(document)
    except ValueError:
        raise malformed("This policy contains invalid Json") from None
    if not isinstance(loaded, dict):
        raise malformed("Syntax errors in policy.")
    return loaded


def statements(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the statements: objects with only known elements."""
    found = document.get("Statement")
    listed: list[Any] = found if isinstance(found, list) else [found]
    if found is None or not listed:
        raise malformed("Could not parse the policy: Statement is empty!")
    for statement in listed:
        if not isinstance(statement, dict):
            raise malformed("Syntax errors in policy.")
        for element in statement:
            if element not in ELEMENTS:
                raise malformed(f"Has prohibited field {element}")
    return listed


def check_trust(text: str) -> list[tuple[str, str]]:
    """Return the principals of a trust policy that must exist, as (type, value). Raises AwsError."""
    document = load(text)
    for key in document:
        if key not in ("Version", "Id", "Statement"):
            raise malformed(f"Has prohibited field {key}")
    if document.get("Version", "2008-10-17") not in ("2008-10-17", "2012-10-17"):
        raise malformed("Policy document must be version 2012-10-17 or greater.")
    found: list[tuple[str, str]] = []
    for statement in statements(document):
        check_trust_statement(statement)
        found += principals(statement.get("Principal", statement.get("NotPrincipal")))
    return found


def check_trust_statement(statement: dict[str, Any]) -> None:
    """Check one statement except for its principals."""
    for field in ("Resource", "NotResource"):
        if field in statement:
            raise malformed(f"Has prohibited field {field}")
    for field, other in (("Effect", "Effect"), ("Principal", "NotPrincipal"), ("Action", "NotAction")):
        if field not in statement and other not in statement:
            raise malformed(f"Missing required field {field}")
    if statement["Effect"] not in ("Allow", "Deny"):
        raise malformed(f"Invalid effect: {statement['Effect']}")
    actions = strings(statement.get("Action", statement.get("NotAction")))
    if not actions:
        raise malformed("Missing required field Action")
    if not all(is_of_sts(action.lower()) for action in actions):
        raise malformed("AssumeRole policy may only specify STS AssumeRole actions.")
    check_conditions(statement.get("Condition", {}))


def is_of_sts(action: str) -> bool:
    """Return whether an action, in lower case and possibly with wildcards, is an action of STS."""
    return action.startswith("sts:") and any(like(one, action) for one in ACTIONS)


def check_conditions(conditions: Any) -> None:
    """Check the Condition element: known operators, and keys with one colon after the host and path."""
    if not isinstance(conditions, dict):
        raise malformed("Syntax errors in policy.")
    for operator, keys in conditions.items():
        try:
            parse(operator)
        except ValueError:
            raise malformed(f"Invalid Condition type : {operator}.") from None
        if not isinstance(keys, dict):
            raise malformed("Syntax errors in policy.")
        for key, values in keys.items():
            if "://" in key:
                raise malformed("Condition can contain only one colon.")
            if ":" not in key:
                raise malformed("Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
            if any(
                isinstance(one, (dict, list)) for one in (values if isinstance(values, list) else [values])
            ):
                raise malformed("Syntax errors in policy.")


def principals(element: Any) -> Iterator[tuple[str, str]]:
    """Return the (type, value) pairs of a principal element. Checks their form."""
    if element == "*":
        raise malformed('AssumeRolepolicy contained an invalid principal: "STAR":"*".')
    if not isinstance(element, dict):
        raise malformed(f'Invalid principal in policy: "{element}"')
    if not any(strings(values) for values in element.values()):
        raise malformed(
            "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: "
            "The passed in policy has a statement with no principals!"
        )
    for kind, values in element.items():
        if kind not in TYPES:
            raise malformed(f'Invalid principal in policy: "{kind.upper()}":"{values}"')
        for value in strings(values):
            if kind == "Federated" and value not in WELL_KNOWN and not _PROVIDER.fullmatch(value):
                raise malformed("Federated principals must be valid domain names or SAML metadata ARNs")
            if kind == "Service" and not is_service(value):
                raise invalid_principal(kind, value)
            yield kind, value


def invalid_principal(kind: str, value: str) -> AwsError:
    """Return the error for a principal that does not exist or is invalid."""
    return malformed(f'Invalid principal in policy: "{kind.upper()}":"{value}"')
