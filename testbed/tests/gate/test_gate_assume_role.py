"""Who may assume a role by its trust policy, and with which conditions."""

from __future__ import annotations

from typing import Any

import pytest
from gate.bench import ACCOUNT, ADMIN, Bench, refusal, short
from gate.stage import account
from pocket_eks.gate.assume_role import is_allowed

ME = f"arn:aws:iam::{ACCOUNT}:user/moto"
CALLERS = [ME, f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT, "*"]
CONTEXT = {"aws:principalarn": [ME], "sts:externalid": ["x"]}


def statement(**changes: Any) -> dict[str, Any]:
    """A statement that allows it; None leaves an element out."""
    made = {"Effect": "Allow", "Principal": {"AWS": ME}, "Action": "sts:AssumeRole", **changes}
    return {name: value for name, value in made.items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"Principal": {"AWS": ACCOUNT}}, True),
        ({"Principal": {"AWS": ["arn:aws:iam::999999999999:root", "*"]}}, True),
        ({"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/other"}}, False),
        ({"Principal": {"Service": "ec2.amazonaws.com"}}, False),
        ({"Principal": None, "NotPrincipal": {"AWS": ME}}, False),
        ({"Action": "sts:*"}, True),
        ({"Action": "STS:Assume*"}, True),
        ({"Action": "sts:TagSession"}, False),
        ({"Action": None, "NotAction": "sts:TagSession"}, True),
        ({"Condition": {"StringEquals": {"sts:ExternalId": "x"}}}, True),
        ({"Condition": {"StringEquals": {"sts:ExternalId": "y"}}}, False),
        ({"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}}}, True),
        ({"Effect": "Deny"}, False),
    ],
    ids=short,
)
def test_a_statement(changes: dict[str, Any], expected: bool) -> None:
    assert is_allowed({"Statement": [statement(**changes)]}, CALLERS, CONTEXT) is expected
    assert is_allowed({"Statement": statement(**changes)}, CALLERS, CONTEXT) is expected


def test_a_denial_wins() -> None:
    deny = statement(Effect="Deny", Principal={"AWS": "*"})
    assert not is_allowed({"Statement": [statement(), deny]}, CALLERS, CONTEXT)
    assert not is_allowed({"Statement": []}, CALLERS, CONTEXT)


def test_the_administrator_needs_a_trust_policy_too(bench: Bench) -> None:
    iam, sts = bench.aws("iam", key=ADMIN), bench.aws("sts", key=ADMIN)
    role = iam.create_role(RoleName="Assumable", AssumeRolePolicyDocument=account("sts:TagSession"))["Role"]
    asked = {"RoleArn": role["Arn"], "RoleSessionName": "me"}
    assert refusal(lambda: sts.assume_role(**asked))[0] == "AccessDenied"
    iam.update_assume_role_policy(RoleName="Assumable", PolicyDocument=account())
    assert sts.assume_role(**asked)["Credentials"]
    iam.delete_role(RoleName="Assumable")
