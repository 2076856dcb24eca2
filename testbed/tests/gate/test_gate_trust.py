"""The judge of trust policies, case by case."""

from __future__ import annotations

from typing import Any

import pytest
from gate.bench import short
from pocket_eks.gate.conditions import like, parse
from pocket_eks.gate.trust import context_of, judge

ISSUER = "oidc.eks.us-east-1.amazonaws.com/id/ABC"
PROVIDER = f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}"
SUB, AUD = f"{ISSUER}:sub", f"{ISSUER}:aud"
CLAIMS = {"sub": "system:serviceaccount:web:shop", "aud": ["sts.amazonaws.com"]}


def allowed(*statements: dict[str, Any], claims: dict[str, Any] | None = None) -> bool:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return judge(document, PROVIDER, context_of(ISSUER, claims or CLAIMS)).allowed


def statement(condition: Any = None, **changes: Any) -> dict[str, Any]:
    usual = {"Effect": "Allow", "Principal": {"Federated": PROVIDER}}
    action = {"Action": "sts:AssumeRoleWithWebIdentity"}
    return {**usual, **action, **({} if condition is None else {"Condition": condition}), **changes}


CONDITIONS: list[tuple[Any, bool]] = [
    ({"StringEquals": {SUB: "system:serviceaccount:web:shop", AUD: "sts.amazonaws.com"}}, True),
    ({"StringEquals": {SUB: "system:serviceaccount:web:other"}}, False),
    ({"StringEquals": {SUB: "system:serviceaccount:web:shop", AUD: "other"}}, False),
    ({"StringEquals": {SUB: ["system:serviceaccount:a:b", "system:serviceaccount:web:shop"]}}, True),
    ({"StringEquals": {SUB: []}}, False),
    ({"StringEquals": {SUB: "system:serviceaccount:web:*"}}, False),
    ({"StringEquals": {SUB.upper(): "system:serviceaccount:web:shop"}}, True),
    ({"StringEquals": {SUB: "SYSTEM:serviceaccount:web:shop"}}, False),
    ({"StringEqualsIgnoreCase": {SUB: "SYSTEM:serviceaccount:web:shop"}}, True),
    ({"StringEquals": {f"https://{SUB}": "system:serviceaccount:web:shop"}}, False),
    ({"StringLike": {SUB: "system:serviceaccount:web:*"}}, True),
    ({"StringLike": {SUB: "system:serviceaccount:web:sho?"}}, True),
    ({"StringLike": {SUB: "system:serviceaccount:web:?"}}, False),
    ({"StringLike": {SUB: "system.serviceaccount.web.shop"}}, False),
    ({"StringNotEquals": {SUB: "system:serviceaccount:web:shop"}}, False),
    ({"StringNotEquals": {SUB: ["a", "system:serviceaccount:web:shop"]}}, False),
    ({"StringNotEquals": {SUB: ["a", "b"]}}, True),
    ({"StringNotEquals": {"aws:SourceIp": "a"}}, True),
    ({"StringNotLike": {SUB: "system:*"}}, False),
    ({"StringNotEqualsIgnoreCase": {SUB: "SYSTEM:SERVICEACCOUNT:WEB:SHOP"}}, False),
    ({"StringEquals": {"aws:PrincipalTag/team": "shop"}}, False),
    ({"StringEqualsIfExists": {"aws:PrincipalTag/team": "shop"}}, True),
    ({"StringEqualsIfExists": {SUB: "other"}}, False),
    ({"ForAnyValue:StringEquals": {AUD: ["sts.amazonaws.com", "x"]}}, True),
    ({"ForAnyValue:StringEquals": {"aws:TagKeys": "x"}}, False),
    ({"ForAnyValue:StringNotEquals": {"aws:TagKeys": "x"}}, False),
    ({"ForAllValues:StringEquals": {AUD: ["sts.amazonaws.com", "x"]}}, True),
    ({"ForAllValues:StringEquals": {AUD: ["x"]}}, False),
    ({"ForAllValues:StringEquals": {"aws:TagKeys": "x"}}, True),
    ({"ForAllValues:StringLike": {AUD: "sts.*"}}, True),
    ({"Null": {"aws:TagKeys": "true"}}, True),
    ({"Null": {SUB: True}}, False),
    ({"Null": {SUB: "false"}}, True),
    ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, False),
    ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, True),
    ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
    ({"StringEquals": {SUB: CLAIMS["sub"]}, "StringLike": {AUD: "nothing"}}, False),
    ({}, True),
]


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS, ids=short)
def test_conditions(condition: Any, expected: bool) -> None:
    assert allowed(statement(condition)) is expected


NETWORKS: list[tuple[Any, bool]] = [
    ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, True),
    ({"IpAddress": {"AWS:sourceip": ["192.0.2.0/24", "10.1.2.3"]}}, True),
    ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, False),
    ({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
    ({"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, True),
    ({"StringEquals": {"aws:SourceVpc": "vpc-1"}}, False),
    ({"StringEqualsIfExists": {"aws:SourceVpc": "vpc-1"}}, True),
]


@pytest.mark.parametrize(("condition", "expected"), NETWORKS, ids=short)
def test_conditions_on_where_a_call_comes_from(condition: Any, expected: bool) -> None:
    context = context_of(ISSUER, CLAIMS, source="10.1.2.3")
    assert judge({"Statement": statement(condition)}, PROVIDER, context).allowed is expected


ELEMENTS: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"Principal": {"Federated": [PROVIDER, "accounts.google.com"]}}, True),
    ({"Principal": {"Federated": PROVIDER + "D"}}, False),
    ({"Principal": {"Federated": PROVIDER.upper()}}, False),
    ({"Principal": {"Service": "ec2.amazonaws.com"}}, False),
    ({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, False),
    ({"Principal": "*"}, True),
    ({"Principal": {"AWS": "*"}}, True),
    ({"Action": "sts:*"}, True),
    ({"Action": "*"}, True),
    ({"Action": "STS:assumerolewithwebidentity"}, True),
    ({"Action": ["sts:TagSession", "sts:AssumeRoleWith*"]}, True),
    ({"Action": "sts:AssumeRole"}, False),
    ({"Action": "sts:AssumeRole?"}, False),
]


@pytest.mark.parametrize(("changes", "expected"), ELEMENTS, ids=short)
def test_elements(changes: dict[str, Any], expected: bool) -> None:
    assert allowed(statement(**changes)) is expected


def test_any_statement_allows_and_one_denial_wins() -> None:
    other = statement({"StringEquals": {SUB: "other"}})
    assert allowed(other, statement())
    assert not allowed(other)
    assert not allowed()
    assert not allowed(statement(), statement(Effect="Deny"))
    assert not allowed(statement(), {"Effect": "Deny", "Principal": "*", "Action": "sts:*"})
    assert allowed(statement(), {**other, "Effect": "Deny"})


def test_not_action_and_not_principal_leave_in_what_they_do_not_name() -> None:
    without_action = {key: value for key, value in statement().items() if key != "Action"}
    assert allowed({**without_action, "NotAction": "sts:AssumeRole"})
    assert not allowed({**without_action, "NotAction": "sts:*"})
    denial = {"Effect": "Deny", "NotPrincipal": {"Federated": PROVIDER}, "Action": "sts:*"}
    assert allowed(statement(), denial)


def test_a_single_statement_needs_no_list() -> None:
    context = context_of(ISSUER, CLAIMS)
    assert judge({"Statement": statement()}, PROVIDER, context).allowed


def test_the_reason_names_the_condition_that_fails() -> None:
    document = {"Statement": [statement({"StringEquals": {SUB: "other"}})]}
    verdict = judge(document, PROVIDER, context_of(ISSUER, CLAIMS))
    assert verdict.reason == f"statement 0: condition StringEquals {SUB}"


def test_azp_takes_the_place_of_aud() -> None:
    claims = {**CLAIMS, "azp": "client"}
    assert allowed(statement({"StringEquals": {AUD: "client"}}), claims=claims)
    assert allowed(statement({"StringEquals": {f"{ISSUER}:oaud": "sts.amazonaws.com"}}), claims=claims)


@pytest.mark.parametrize(
    "operator", ["StringSame", "ForSomeValues:StringEquals", "NullIfExists", "string equals"]
)
def test_operators_that_iam_does_not_have(operator: str) -> None:
    with pytest.raises(ValueError, match=operator):
        parse(operator)


def test_wildcards_span_lines_and_are_no_regular_expressions() -> None:
    assert like("a\nb", "a*b")
    assert not like("axb", "a.b")
    assert like("a.b", "a.b")
