# SPDX-License-Identifier: GPL-3.0-or-later

"""ARNs in Resource and NotResource that IAM rejects, although they follow the grammar.

A wildcard or a policy variable can stand for any text, so only fields without one are checked.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html and
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html (ARN formats)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_PARTITION = re.compile(r"arn:([^:]*):")
_VARIABLE = re.compile(r"[*?]|\$\{")
# The kinds of S3 resources whose ARN has an account. The ARN of a bucket or an object has none.
_WITH_ACCOUNT = ("accesspoint", "job/", "storage-lens", "access-grants", "async-request/")


def arn_fault(arn: str) -> tuple[str, str] | None:
    """Why IAM rejects this ARN in a policy, as a predicate and a remedy; None if it accepts it."""
    fields = arn.split(":", 5)
    if len(fields) < 6:
        if arn == "*" or _VARIABLE.search(arn):
            return None
        return (
            f"has only {len(fields)} of the 6 fields of an ARN",
            "write arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE; a field can be empty, as in"
            " arn:aws:s3:::bucket",
        )
    _arn, _partition, service, region, account, resource = fields
    if service == "iam" and _is_literal(region):
        return "has a region, but ARNs of IAM have none", "leave its fourth field empty"
    if service == "s3" and not _may_have_account(resource):
        if _is_literal(region):
            return (
                "has a region, but ARNs of S3 buckets and objects have none",
                "leave its fourth field empty",
            )
        if _is_literal(account):
            return (
                "has an account, but ARNs of S3 buckets and objects have none",
                "leave its fifth field empty",
            )
    return None


def partitions(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each ARN in Resource and NotResource whose partition is given literally, with its partition."""
    statements = document["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        for key in ("Resource", "NotResource"):
            values = statement.get(key, [])
            for value in values if isinstance(values, list) else [values]:
                match = _PARTITION.match(value)
                if match and _is_literal(match[1]):
                    yield value, match[1]


def _is_literal(field: str) -> bool:
    return field != "" and not _VARIABLE.search(field)


def _may_have_account(resource: str) -> bool:
    """Whether the resource can be of a kind that has an account, given what precedes the first wildcard."""
    start = _VARIABLE.split(resource, maxsplit=1)[0]
    is_whole = start == resource
    return any(
        resource.startswith(kind) or (not is_whole and kind.startswith(start)) for kind in _WITH_ACCOUNT
    )
