"""The grammar of policy documents: what IAM takes and what it says of the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from gate.bench import PROVIDER, short, trust
from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.documents import check_trust, size

NO_PRINCIPALS = (
    "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: "
    "The passed in policy has a statement with no principals!"
)


def test_an_irsa_trust_is_fine_and_its_principal_must_exist() -> None:
    assert check_trust(trust()) == [("Federated", PROVIDER)]


@pytest.mark.parametrize(
    "changes",
    [
        {"Principal": {"AWS": ["123456789012", "arn:aws:iam::123456789012:root"]}},
        {"Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:TagSession"]},
        {"Principal": {"Service": "ec2.amazonaws.com.cn"}, "Action": "sts:AssumeRole"},
        {"Principal": {"Federated": "cognito-identity.amazonaws.com"}},
        {"Action": "sts:*"},
        {"Effect": "Deny"},
        {"Sid": "A"},
        {"Condition": None},
        {"Condition": {"ForAnyValue:StringLikeIfExists": {"a:b": ["c", "d"]}}},
    ],
    ids=short,
)
def test_trust_policies_that_iam_takes(changes: dict[str, Any]) -> None:
    check_trust(trust(**changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Resource": "*"}, "Has prohibited field Resource"),
        ({"NotResource": "*"}, "Has prohibited field NotResource"),
        ({"Effekt": "Allow"}, "Has prohibited field Effekt"),
        ({"Effect": None}, "Missing required field Effect"),
        ({"Effect": "allow"}, "Invalid effect: allow"),
        ({"Principal": None}, "Missing required field Principal"),
        ({"Action": None}, "Missing required field Action"),
        ({"Action": []}, "Missing required field Action"),
        ({"Action": "s3:GetObject"}, "AssumeRole policy may only specify STS AssumeRole actions."),
        ({"Action": "sts:InvalidAction"}, "AssumeRole policy may only specify STS AssumeRole actions."),
        ({"Action": "*"}, "AssumeRole policy may only specify STS AssumeRole actions."),
        ({"Principal": "*"}, 'AssumeRolepolicy contained an invalid principal: "STAR":"*".'),
        ({"Principal": {}}, NO_PRINCIPALS),
        ({"Principal": {"AWS": []}}, NO_PRINCIPALS),
        (
            {"Principal": {"Service": "tagging.amazonaws.com"}},
            'Invalid principal in policy: "SERVICE":"tagging.amazonaws.com"',
        ),
        ({"Principal": {"Aws": "1"}}, 'Invalid principal in policy: "AWS":"1"'),
        ({"Principal": {"Service": "ec2"}}, 'Invalid principal in policy: "SERVICE":"ec2"'),
        (
            {"Principal": {"Federated": "oidc.eks.us-east-1.amazonaws.com/id/X"}},
            "Federated principals must be valid domain names or SAML metadata ARNs",
        ),
        ({"Condition": {"StringSame": {"a:b": "c"}}}, "Invalid Condition type : StringSame."),
        (
            {"Condition": {"StringEquals": {"https://a/id/b:sub": "c"}}},
            "Condition can contain only one colon.",
        ),
        (
            {"Condition": {"StringEquals": {"sub": "c"}}},
            "Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
        ({"Condition": {"StringEquals": "c"}}, "Syntax errors in policy."),
        ({"Condition": {"StringEquals": {"a:b": {"c": "d"}}}}, "Syntax errors in policy."),
        ({"Condition": ["c"]}, "Syntax errors in policy."),
    ],
    ids=short,
)
def test_trust_policies_that_iam_refuses(changes: dict[str, Any], message: str) -> None:
    assert refused(trust(**changes)) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "This policy contains invalid Json"),
        ("[]", "Syntax errors in policy."),
        ("{}", "Could not parse the policy: Statement is empty!"),
        ('{"Statement": []}', "Could not parse the policy: Statement is empty!"),
        ('{"Statement": ["x"]}', "Syntax errors in policy."),
        ('{"Version": "2020-01-01"}', "Policy document must be version 2012-10-17 or greater."),
        ('{"Statements": []}', "Has prohibited field Statements"),
    ],
)
def test_documents_that_are_no_trust_policy(text: str, message: str) -> None:
    assert refused(text) == message


def test_a_trust_policy_needs_no_version_and_no_list() -> None:
    statement = json.loads(trust())["Statement"][0]
    assert check_trust(json.dumps({"Statement": statement})) == [("Federated", PROVIDER)]


def test_white_space_does_not_count() -> None:
    assert size(' { "a" :\t"b c"\r\n}') == len('{"a":"bc"}')


def refused(text: str) -> str:
    with pytest.raises(AwsError) as caught:
        check_trust(text)
    assert caught.value.code == "MalformedPolicyDocument"
    return caught.value.message
