"""Resources and dates that AWS would reject only after the role exists."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data
from unit.policy.test_document import STATEMENT, parse, policy, refusal_of


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:s3:::bucket",
        "arn:aws:s3:::bucket/a:b",
        "arn:aws:s3:*",
        "arn:aws:s3:::${aws:username}",
        "arn:aws:s3:*:*:bucket",
        "arn:aws:s3:us-east-1:123456789012:accesspoint/reader",
        "arn:aws:s3:us-east-1:123456789012:accesspoint/reader/object/*",
        "arn:aws:s3::123456789012:accesspoint/mrap.mrap",
        "arn:aws:s3:us-east-1:123456789012:job/*",
        "arn:aws:s3:us-east-1:123456789012:storage-lens/all",
        "arn:aws:s3:us-east-1:123456789012:storage-lens-group/all",
        "arn:aws:s3:us-east-1:123456789012:access-grants/default",
        "arn:aws:s3:us-west-2:123456789012:async-request/mrap/create/x",
        "arn:aws:s3:us-east-1:123456789012:acc*",
        "arn:aws:iam::123456789012:role/x",
        "arn:aws:iam:*:123456789012:role/x",
        "arn:aws:sqs:us-east-1:123456789012:queue",
    ],
)
def test_a_resource_that_aws_accepts(arn: str) -> None:
    for key in ("Resource", "NotResource"):
        rest = {name: value for name, value in STATEMENT.items() if name != "Resource"}
        assert parse(policy({**rest, key: arn}))


@pytest.mark.parametrize(
    ("arn", "says"),
    [
        ("arn:aws:s3:bucket", "has only 4 of the 6 fields"),
        ("arn:aws:s3::bucket", "has only 5 of the 6 fields"),
        ("arn:aws:sqs:us-east-1:queue", "has only 5 of the 6 fields"),
        ("arn:aws:s3:us-east-1::bucket/*", "has a region"),
        ("arn:aws:s3::123456789012:bucket", "has an account"),
        ("arn:aws:s3:*:123456789012:bucket", "has an account"),
        ("arn:aws:s3:us-east-1:123456789012:bucket*", "has a region"),
        ("arn:aws:iam:us-east-1:123456789012:role/x", "has a region"),
    ],
)
def test_a_resource_that_aws_rejects_is_named(arn: str, says: str) -> None:
    for key in ("Resource", "NotResource"):
        rest = {name: value for name, value in STATEMENT.items() if name != "Resource"}
        error = refusal_of(json.dumps(policy({**rest, key: arn})).encode())
        assert f'Statement 1 of policy file "p.json" has the invalid {key} "{arn}", which {says}' in str(
            error
        )
        assert error.remedy


def test_values_in_conditions_are_not_judged_as_arns() -> None:
    condition = {
        "StringLike": {"aws:SourceArn": "arn:aws:s3:us-east-1::bucket"},
        "ArnLike": {"k:a": "arn:aws"},
    }
    assert parse(policy({**STATEMENT, "Condition": condition}))


@pytest.mark.parametrize("operator", ["DateLessThan", "DateEqualsIfExists", "ForAnyValue:DateGreaterThan"])
class TestDates:
    @pytest.mark.parametrize(
        "value",
        [
            *("2030-01-31", "2030-01-31T12:00:00Z", "2030-01-31T12:00:00.5+02:00", "2030-01"),
            *("20300131T120000Z", "1900000000", 1900000000, ["2030-01-31", 1]),
        ],
    )
    def test_a_date_or_seconds(self, operator: str, value: Any) -> None:
        assert parse(policy({**STATEMENT, "Condition": {operator: {"aws:CurrentTime": value}}}))

    @pytest.mark.parametrize("value", ["tomorrow", "31.01.2030", "2030-01-31 12:00", "", True])
    def test_anything_else_is_refused(self, operator: str, value: Any) -> None:
        document = policy({**STATEMENT, "Condition": {operator: {"aws:CurrentTime": value}}})
        assert f'has the invalid date "{value}" under {operator}' in str(
            refusal_of(json.dumps(document).encode())
        )


def test_what_aws_itself_writes_is_accepted() -> None:
    """All managed policies of AWS that moto ships; only their size may exceed an inline policy's."""
    known = json.loads(aws_managed_policies_data)
    assert len(known) > 1000
    refused = {}
    for name, one in known.items():
        try:
            parse(one["Document"])
        except Exception as error:
            if "characters without whitespace" not in str(error):
                refused[name] = str(error)
    assert refused == {}
