"""Identity-based policies: what IAM accepts and what it says of the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from gate.bench import Bench, refusal, short, trust
from pocket_eks.emulators import managed_policies
from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.identity_policies import check_identity
from pocket_eks.ministack.serve import published

SYNTAX = "Syntax errors in policy."
LEGACY = "The policy failed legacy parsing"
PREFACED = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
PATHS = (
    'IAM resource path must either be "*", root, or start with user/, federated-user/, role/, group/, '
    "instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, "
    "oidc-provider/, report/, "
    "access-report/."
)


def statement(**changes: Any) -> dict[str, Any]:
    """A statement; None leaves an element out."""
    made = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::web", **changes}
    return {key: value for key, value in made.items() if value is not None}


def document(*statements: Any, **changes: Any) -> str:
    """A document; None leaves an element out."""
    made = {"Version": "2012-10-17", "Statement": list(statements) or [statement()], **changes}
    return json.dumps({key: value for key, value in made.items() if value is not None})


def dated(value: Any) -> str:
    return document(statement(Condition={"DateLessThan": {"a:b": value}}))


REFUSED = [
    ("{", SYNTAX),
    ("[]", SYNTAX),
    (document(Version="2013-10-17"), SYNTAX),
    (document(Version=None), "Policy document must be version 2012-10-17 or greater."),
    (document(Version="2008-10-17"), "Policy document must be version 2012-10-17 or greater."),
    (document(Statement=None), SYNTAX),
    (document(Statement=[]), SYNTAX),
    (document(Statement="Allow"), SYNTAX),
    (document(Extra=1), SYNTAX),
    (document(statement(Extra=1)), SYNTAX),
    (document(Id=["cd3a"]), SYNTAX),
    (document(statement(Sid=1)), SYNTAX),
    (document(statement(Effect=None)), SYNTAX),
    (document(statement(Effect="Maybe")), SYNTAX),
    (document(statement(Effect="allow")), LEGACY),
    (document(statement(Effect="denY")), LEGACY),
    (document(statement(NotAction="s3:GetObject")), SYNTAX),
    (document(statement(NotResource="*")), SYNTAX),
    (document(statement(Action={"a": "b"})), SYNTAX),
    (document(statement(Resource=[["*"]])), SYNTAX),
    (document(statement(Condition=["a"])), SYNTAX),
    (document(statement(Condition={"StringEquals": "a"})), SYNTAX),
    (document(statement(Condition={"StringEqual": {"a:b": "c"}})), SYNTAX),
    (document(statement(Condition={"StringEquals": {"a:b": {"c": "d"}}})), SYNTAX),
    (document(statement(Action="listbucket")), PREFACED),
    (document(statement(Action="")), PREFACED),
    (document(statement(Action="a a:ListBucket")), "Vendor a a is not valid"),
    (document(statement(Action="s3:List:Bucket")), "Actions/Condition can contain only one colon."),
    (document(statement(Action=None)), "Policy statement must contain actions."),
    (document(statement(Action=[])), "Policy statement must contain actions."),
    (document(statement(Resource=None)), "Policy statement must contain resources."),
    (document(statement(Resource=[])), "Policy statement must contain resources."),
    (document(statement(Resource=None, Action="listbucket")), "Policy statement must contain resources."),
    (document(statement(Resource="web")), 'Resource web must be in ARN format or "*".'),
    (
        document(statement(Resource="invalid resource:a")),
        'Partition "a" is not valid for resource "arn:a:*:*:*:*".',
    ),
    (
        document(statement(Resource="arn:error:s3:::web")),
        'Partition "error" is not valid for resource "arn:error:s3:::web".',
    ),
    (
        document(statement(Resource="arn:aws")),
        "Resource vendor must be fully qualified and cannot contain regexes.",
    ),
    (document(statement(Resource="arn:aws:s3::web")), LEGACY),
    (
        document(statement(Resource="arn:aws:s3:us-east-1::web")),
        "Resource arn:aws:s3:us-east-1::web can not contain region information.",
    ),
    (
        document(statement(Resource="arn:aws:iam:us-east-1:123456789012:role/web")),
        "IAM resource arn:aws:iam:us-east-1:123456789012:role/web cannot contain region information.",
    ),
    (document(statement(Resource="arn:aws:iam::123456789012:web/x")), PATHS),
    (
        document(statement(Sid="A"), statement(Sid="A")),
        "Statement IDs (SID) in a single policy must be unique.",
    ),
    (dated("yesterday"), LEGACY),
    (dated("2013-13-01"), LEGACY),
    (dated("9223372036854775808"), LEGACY),
    (trust(), "Policy document should not specify a principal."),
]

ACCEPTED = [
    document(Id="cd3a"),
    document(statement(Sid=""), statement(Sid="")),
    document(Statement=statement()),
    document(statement(Action="iam: asdf safdsf af ")),
    document(statement(Action="*")),
    document(statement(Resource="*")),
    document(statement(Resource="arn:aws:fdsasf")),
    document(statement(Resource="arn:aws:s3:us-east-1:123456789012:accesspoint/web")),
    document(statement(Resource="arn:aws:s3:us-east-1:123456789012:job/*")),
    document(statement(Resource="arn:aws:iam::123456789012:root")),
    document(statement(Condition={})),
    document(statement(Condition={"StringEqual": {}})),
    document(statement(Condition={"StringEquals": {"a": "b"}})),
    document(statement(Condition={"Bool": {"aws:SecureTransport": False}})),
    dated("2013"),
    dated("2013-07-01T12:00:00Z"),
    dated(["1372636800", "2013-07-01"]),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=short)
def test_what_iam_refuses(text: str, message: str) -> None:
    with pytest.raises(AwsError) as caught:
        check_identity(text, managed=True)
    assert (caught.value.code, caught.value.message) == ("MalformedPolicyDocument", message)


@pytest.mark.parametrize("text", ACCEPTED, ids=short)
def test_what_iam_accepts(text: str) -> None:
    check_identity(text, managed=True)


def test_all_policies_of_aws_are_accepted() -> None:
    for name, policy in published(managed_policies()).items():
        try:
            check_identity(json.dumps(policy["Document"]), managed=True)
        except AwsError as error:
            pytest.fail(f"{name}: {error.message}")


@pytest.mark.parametrize("version", [None, "2008-10-17"])
def test_an_inline_policy_needs_no_version(bench: Bench, version: str | None) -> None:
    iam = bench.aws("iam")
    iam.create_role(RoleName="Inline", AssumeRolePolicyDocument=trust())
    text = document(Id="cd3a", Version=version)
    iam.put_role_policy(RoleName="Inline", PolicyName="a", PolicyDocument=text)
    found = iam.get_role_policy(RoleName="Inline", PolicyName="a")["PolicyDocument"]
    assert found == json.loads(text)
    told = refusal(lambda: iam.create_policy(PolicyName="Managed", PolicyDocument=text))
    assert told[2] == "Policy document must be version 2012-10-17 or greater."
    iam.delete_role_policy(RoleName="Inline", PolicyName="a")
    iam.delete_role(RoleName="Inline")
