"""Calls under a policy, and a role to make them about."""

from __future__ import annotations

from typing import Any

from gate.bench import ACCOUNT, Bench, Json, refusal, trust

IAM = f"arn:aws:iam::{ACCOUNT}"
ROLE = f"{IAM}:role/team/authorized"
BOUNDARY = f"{IAM}:policy/limits/authorized"
S3 = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
NEW = {"RoleName": "new", "AssumeRolePolicyDocument": trust()}
TAGS = [{"Key": "team", "Value": "web"}]


def policy(*statements: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(*actions: str, **more: Any) -> Json:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}


def call(bench: Bench, action: str, params: Json, key: str = "testing") -> Any:
    service, _, operation = action.partition(":")
    client = bench.aws(service, key=key)
    method = {name: python for python, name in client.meta.method_to_api_mapping.items()}[operation]
    return getattr(client, method)(**params)


def denied(bench: Bench, action: str, params: Json) -> str:
    """The message of a refusal that is AWS's for missing rights."""
    code, status, message = refusal(lambda: call(bench, action, params))
    assert code == ("AccessDeniedException" if action.startswith("eks:") else "AccessDenied")
    assert status == 403
    return message
