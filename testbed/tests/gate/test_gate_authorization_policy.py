"""Identity-based policies: which are taken, and what they say."""

from __future__ import annotations

from typing import Any

import pytest
from pocket_eks.gate.authorization_policy import Question, Verdict, checked, judge
from pocket_eks.gate.problem import Problem

ROLE = "arn:aws:iam::123456789012:role/team/Web"
OTHER = "arn:aws:iam::123456789012:role/Web"
BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
ALLOW = {"Effect": "Allow", "Action": "iam:GetRole", "Resource": ROLE}
DENY = {**ALLOW, "Effect": "Deny"}
CONTEXT = {
    "aws:requesttag/team": ["web"],
    "aws:tagkeys": ["team", "cost"],
    "iam:permissionsboundary": [BOUNDARY],
}
YES, EXPLICIT, NO = Verdict.ALLOWED, Verdict.DENIED, Verdict.NOTHING


def policy(*statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def said(*statements: Any, action: str = "iam:GetRole", resource: str = ROLE) -> Verdict:
    return judge(checked(policy(*statements)), Question(action, resource, CONTEXT))


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        ([ALLOW], YES),
        ([DENY], EXPLICIT),
        ([ALLOW, DENY], EXPLICIT),
        ([DENY, ALLOW], EXPLICIT),
        ([{**ALLOW, "Action": "iam:ListRoles"}], NO),
        ([{**DENY, "Action": "iam:ListRoles"}, ALLOW], YES),
    ],
)
def test_an_explicit_deny_wins_and_nothing_said_is_no(statements: list[Any], verdict: Verdict) -> None:
    assert said(*statements) is verdict


@pytest.mark.parametrize(
    ("element", "value", "verdict"),
    [
        ("Action", "iam:getrole", YES),
        ("Action", "IAM:Get*", YES),
        ("Action", "iam:GetRol?", YES),
        ("Action", "*", YES),
        ("Action", ["iam:CreateRole", "iam:GetRole"], YES),
        ("Action", "iam:GetRole?", NO),
        ("Action", "iam:Get", NO),
        ("NotAction", "iam:CreateRole", YES),
        ("NotAction", ["iam:CreateRole", "iam:get*"], NO),
        ("Resource", "*", YES),
        ("Resource", "arn:aws:iam::123456789012:role/*", YES),
        ("Resource", "arn:aws:iam::*:role/team/W?b", YES),
        ("Resource", [OTHER, ROLE], YES),
        ("Resource", OTHER, NO),
        ("Resource", "arn:aws:iam::123456789012:role/team/web", NO),
        ("Resource", "arn:aws-cn:iam::123456789012:role/team/Web", NO),
        ("NotResource", OTHER, YES),
        ("NotResource", "arn:aws:iam::123456789012:role/team/*", NO),
    ],
)
def test_actions_know_no_case_and_resources_do(element: str, value: Any, verdict: Verdict) -> None:
    left_out = {element, element.removeprefix("Not")}
    kept = {key: one for key, one in ALLOW.items() if key not in left_out}
    assert said({**kept, element: value}) is verdict


@pytest.mark.parametrize(
    ("operator", "key", "value", "verdict"),
    [
        ("StringEquals", "aws:RequestTag/team", "web", YES),
        ("StringEquals", "AWS:requesttag/TEAM", ["shop", "web"], YES),
        ("StringEquals", "aws:RequestTag/team", "Web", NO),
        ("StringEqualsIgnoreCase", "aws:RequestTag/team", "Web", YES),
        ("StringLike", "aws:RequestTag/team", "w*", YES),
        ("StringNotEquals", "aws:RequestTag/team", "web", NO),
        ("StringNotLike", "aws:RequestTag/team", "s*", YES),
        ("StringEquals", "aws:RequestTag/other", "web", NO),
        ("StringNotEquals", "aws:RequestTag/other", "web", YES),
        ("StringEqualsIfExists", "aws:RequestTag/other", "web", YES),
        ("StringEqualsIfExists", "aws:RequestTag/team", "shop", NO),
        ("Null", "aws:RequestTag/team", "false", YES),
        ("Null", "aws:RequestTag/team", True, NO),
        ("Null", "aws:ResourceTag/team", "true", YES),
        ("Bool", "aws:RequestTag/team", "true", NO),
        ("ArnEquals", "iam:PermissionsBoundary", BOUNDARY, YES),
        ("ArnLike", "iam:PermissionsBoundary", "arn:aws:iam::*:policy/bound*", YES),
        ("ArnLike", "iam:PermissionsBoundary", "arn:*:policy/boundary", NO),
        ("ArnLike", "iam:PermissionsBoundary", "*", NO),
        ("ArnNotEquals", "iam:PermissionsBoundary", BOUNDARY, NO),
        ("ArnNotLike", "iam:PolicyARN", "arn:aws:iam::*:policy/*", YES),
        ("ForAnyValue:StringEquals", "aws:TagKeys", "cost", YES),
        ("ForAnyValue:StringEquals", "aws:TagKeys", "owner", NO),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["team", "cost", "owner"], YES),
        ("ForAllValues:StringEquals", "aws:TagKeys", "team", NO),
        ("ForAllValues:StringLike", "iam:PolicyARN", "x", YES),
    ],
)
def test_a_condition_limits_a_statement(operator: str, key: str, value: Any, verdict: Verdict) -> None:
    assert said({**ALLOW, "Condition": {operator: {key: value}}}) is verdict


def test_all_conditions_of_a_statement_must_hold() -> None:
    team = {"StringEquals": {"aws:RequestTag/team": "web"}}
    assert said({**ALLOW, "Condition": {**team, "Null": {"iam:PolicyARN": "true"}}}) is YES
    assert said({**ALLOW, "Condition": {**team, "Null": {"iam:PolicyARN": "false"}}}) is NO


@pytest.mark.parametrize(
    ("document", "status", "part"),
    [
        ("*", 400, "JSON object"),
        ([], 400, "JSON object"),
        ({**policy(ALLOW), "Statements": []}, 400, "'Statements'"),
        ({"Statement": [ALLOW]}, 400, "Version"),
        ({**policy(ALLOW), "Version": "2012-10-18"}, 400, "2012-10-18"),
        (policy(), 400, "empty"),
        (policy("Allow"), 400, "Syntax"),
        (policy({**ALLOW, "Actions": "x"}), 400, "Actions"),
        (policy({**ALLOW, "Principal": "*"}), 400, "Principal"),
        (policy({**ALLOW, "Effect": "allow"}), 400, "'allow'"),
        (policy({**ALLOW, "NotAction": "iam:*"}), 400, "NotAction"),
        (policy({"Effect": "Allow", "Action": "iam:*"}), 400, "Resource"),
        (policy({**ALLOW, "Action": []}), 400, "action"),
        (policy({**ALLOW, "Action": "GetRole"}), 400, "'GetRole'"),
        (policy({**ALLOW, "Action": ["iam:GetRole", 1]}), 400, "action 1"),
        (policy({**ALLOW, "Resource": "role/x"}), 400, "'role/x'"),
        (policy({**ALLOW, "Sid": "a b"}), 400, "'a b'"),
        (policy({**ALLOW, "Sid": "a"}, {**ALLOW, "Sid": "a"}), 400, "unique"),
        (policy({**ALLOW, "Condition": []}), 400, "Condition"),
        (policy({**ALLOW, "Condition": {"StringIs": {"aws:TagKeys": "x"}}}), 400, "StringIs"),
        (policy({**ALLOW, "Condition": {"StringEquals": {"TagKeys": "x"}}}), 400, "vendor"),
        (policy({**ALLOW, "Condition": {"IpAddress": {"aws:TagKeys": "x"}}}), 501, "IpAddress"),
        (policy({**ALLOW, "Condition": {"StringEquals": {"aws:SourceIp": "x"}}}), 501, "aws:SourceIp"),
        (policy({**ALLOW, "Resource": "arn:aws:iam::1:user/${aws:username}"}), 501, "aws:username"),
    ],
)
def test_what_is_no_policy_or_cannot_be_judged_is_refused(document: Any, status: int, part: str) -> None:
    with pytest.raises(Problem) as refused:
        checked(document)
    assert refused.value.status == status
    assert part in refused.value.sentence
    assert refused.value.sentence.endswith(".")
