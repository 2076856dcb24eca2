"""`kubectl iamsa verify --can`: what IAM's policy simulator says of a role that is assumable."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from e2e.shop import S3, Shop
from pocket_eks.control import Control
from pocket_eks.pytest_plugin import on_ministack

pytestmark = [pytest.mark.warm, on_ministack]

SIMULATE = "iam:SimulatePrincipalPolicy"
GET, PUT = "s3:GetObject", "s3:PutObject"
OBJECT = "arn:aws:s3:::shop/orders/1"

Can = Callable[..., Any]


@pytest.fixture
def granted() -> tuple[str, ...]:
    """No rights but create's and verify's own."""
    return ("base", "boundary", "verify")


@pytest.fixture
def can(made: Shop) -> Can:
    """`can("s3:GetObject", on=[arn], code=1)`: the lines about permissions."""

    def ask(*actions: str, on: Iterable[str] = (), code: int = 0) -> list[str]:
        flags = [f"--can={action}" for action in actions] + [f"--on={arn}" for arn in on]
        done = made.iamsa("verify", "shop", "-n", made.namespace, *flags, code=code)
        first, *lines = done.stdout.splitlines()
        assert first.startswith("serviceaccount/shop verified: ")
        return lines

    return ask


def put(shop: Shop, effect: str, action: str, resource: str = "*") -> None:
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    shop.iam.put_role_policy(RoleName=shop.role_name, PolicyName="own", PolicyDocument=document)


def test_what_the_policies_allow_is_a_yes(can: Can, control: Control) -> None:
    assert can(GET) == [f"{GET} on *: allowed"]
    assert [call["action"] for call in control.calls()].count(SIMULATE) == 1


def test_one_that_is_lacking_makes_a_no_of_it(can: Can) -> None:
    assert can(GET, PUT, code=1) == [
        f"{GET} on *: allowed",
        f"{PUT} on *: denied, no policy allows it",
    ]


def test_each_resource_is_asked_about(made: Shop, can: Can) -> None:
    put(made, "Allow", PUT, "arn:aws:s3:::shop/*")
    other = "arn:aws:s3:::other/1"
    assert can(PUT, on=[other, OBJECT], code=1) == [
        f"{PUT} on {other}: denied, no policy allows it",
        f"{PUT} on {OBJECT}: allowed",
    ]


def test_a_deny_is_told_as_one(made: Shop, can: Can) -> None:
    put(made, "Deny", "s3:*")
    assert can(GET, code=1) == [f"{GET} on *: denied, a statement denies it"]


def test_a_boundary_is_told_as_one(made: Shop, can: Can, own_policy: Callable[..., str]) -> None:
    statement = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    arn = own_policy()
    made.iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)
    made.create("--permissions-boundary", arn)
    assert can(GET, code=1) == [f"{GET} on *: denied, the permissions boundary does not allow it"]


def test_its_document(made: Shop) -> None:
    words = ("verify", "shop", "-n", made.namespace, "-o", "json", "--can", GET, "--can", PUT)
    found = json.loads(made.iamsa(*words, code=1).stdout)["status"]["verification"]
    assert found["verdict"] == "no"
    assert found["permissions"] == [
        {"action": GET, "resource": "*", "decision": "allowed", "limiter": None, "missingContext": []},
        {"action": PUT, "resource": "*", "decision": "implicitDeny", "limiter": None, "missingContext": []},
    ]


def test_of_many_the_table_says_what_is_lacking(made: Shop) -> None:
    done = made.iamsa("verify", "--all", "-n", made.namespace, "--can", PUT, code=1)
    (row,) = done.stdout.splitlines()[1:]
    assert row.endswith(f"no         {PUT} on * denied, no policy allows it")


class TestWithoutTheRight:
    @pytest.fixture
    def granted(self) -> tuple[str, ...]:
        return ("base",)

    def test_who_may_not_ask_learns_that_the_role_is_assumable_and_no_more(self, made: Shop) -> None:
        done = made.iamsa("verify", "shop", "-n", made.namespace, "--can", GET, code=3)
        assert done.stdout.startswith("serviceaccount/shop verified: assumed ")
        assert f"AWS denied {SIMULATE} for role {made.role_arn}" in done.stderr
        assert "docs/permissions/verify.json" in done.stderr


def test_a_role_that_is_not_assumable_is_not_asked_about(made: Shop, control: Control) -> None:
    made.set_trust(made.statement(audience="vault"))
    made.iamsa("verify", "shop", "-n", made.namespace, "--can", GET, code=1)
    assert SIMULATE not in [call["action"] for call in control.calls()]
    assert made.attached() == {S3}
