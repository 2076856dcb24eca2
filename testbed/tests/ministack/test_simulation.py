"""The simulation of policies through the gate: what a role may do, and what it says besides."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from gate.authorized import S3, allow, policy
from gate.bench import ACCOUNT, Bench, Json, refusal, short, trust
from pocket_eks.pytest_plugin import on_ministack

pytestmark = on_ministack

OBJECT = "arn:aws:s3:::shop/orders/1"
Decide = Callable[..., Json]


@pytest.fixture
def iam(bench: Bench) -> Any:
    return bench.aws("iam")


@pytest.fixture
def role(iam: Any) -> Iterator[str]:
    """The name of a role with a path and no policies; what a test gives it is taken away."""
    name = f"simulated-{uuid.uuid4().hex[:8]}"
    iam.create_role(RoleName=name, Path="/team/", AssumeRolePolicyDocument=trust())
    yield name
    for one in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=one["PolicyArn"])
    for inline in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=inline)
    iam.delete_role(RoleName=name)


@pytest.fixture
def decide(iam: Any, role: str) -> Decide:
    """`decide("s3:GetObject", **more)`: what the simulation of the role's policies says of one action."""

    def ask(action: str, **more: Any) -> Json:
        source = f"arn:aws:iam::{ACCOUNT}:role/team/{role}"
        answer = iam.simulate_principal_policy(PolicySourceArn=source, ActionNames=[action], **more)
        (result,) = answer["EvaluationResults"]
        found: Json = result
        return found

    return ask


def put(iam: Any, role: str, *statements: Json) -> None:
    iam.put_role_policy(RoleName=role, PolicyName="own", PolicyDocument=json.dumps(policy(*statements)))


def bound(iam: Any, role: str, *statements: Json) -> None:
    """Give the role a boundary of these statements; it stays in the account."""
    document = json.dumps(policy(*statements))
    arn = iam.create_policy(PolicyName=f"boundary-{role}", PolicyDocument=document)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=arn)


def matched(name: str) -> dict[str, str]:
    return {"SourcePolicyId": name, "SourcePolicyType": "IAM Policy"}


def test_a_result_names_the_resource_that_was_asked_about(decide: Decide) -> None:
    assert decide("s3:GetObject", ResourceArns=[OBJECT])["EvalResourceName"] == OBJECT
    assert decide("s3:GetObject")["EvalResourceName"] == "*"
    assert decide("iam:ListUsers", ResourceArns=["*"])["EvalResourceName"] == "*"
    result = decide("iam:ListUsers")
    assert result["EvalResourceName"] == f"arn:aws:iam::{ACCOUNT}:user/"
    assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": True}
    assert (result["EvalDecisionDetails"], result["MissingContextValues"]) == ({}, [])


def test_an_explicit_deny_of_the_boundary_tells_what_allows_it_too(
    iam: Any, role: str, decide: Decide
) -> None:
    deny = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    arn = iam.create_policy(PolicyName="bounds", PolicyDocument=document)["Policy"]["Arn"]
    iam.put_role_policy(
        RoleName=role, PolicyName="own", PolicyDocument=json.dumps(policy(allow("s3:GetObject")))
    )
    iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=arn)
    result = decide("s3:GetObject", ResourceArns=[OBJECT])
    assert result["EvalDecision"] == "explicitDeny"
    bounds = {"SourcePolicyId": "bounds", "SourcePolicyType": "Permissions Boundary Policy"}
    assert result["MatchedStatements"] == [matched("own"), bounds]
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    iam.delete_role_permissions_boundary(RoleName=role)
    iam.delete_role_policy(RoleName=role, PolicyName="own")
    iam.delete_policy(PolicyArn=arn)


def test_a_marker_that_iam_did_not_give(decide: Decide) -> None:
    told = refusal(lambda: decide("s3:GetObject", Marker="none"))
    assert told == ("ValidationError", 400, "Invalid Marker.")


def test_a_role_without_policies_may_nothing(decide: Decide) -> None:
    assert decide("s3:GetObject")["EvalDecision"] == "implicitDeny"


@pytest.mark.parametrize(
    ("action", "decision"), [("s3:GetObject", "allowed"), ("s3:PutObject", "implicitDeny")]
)
def test_managed_policies_count(iam: Any, role: str, decide: Decide, action: str, decision: str) -> None:
    iam.attach_role_policy(RoleName=role, PolicyArn=S3)
    assert decide(action)["EvalDecision"] == decision
    # One that ministack does not bring itself.
    iam.attach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess")
    assert decide("sqs:GetQueueUrl")["EvalDecision"] == "allowed"


def test_inline_policies_count_for_the_resources_that_they_name(iam: Any, role: str, decide: Decide) -> None:
    put(iam, role, allow("s3:GetObject", Resource="arn:aws:s3:::shop/*"))
    asked = [OBJECT, "arn:aws:s3:::other/1"]
    result = decide("s3:GetObject", ResourceArns=asked)
    specific = [
        (one["EvalResourceName"], one["EvalResourceDecision"]) for one in result["ResourceSpecificResults"]
    ]
    assert specific == list(zip(asked, ["allowed", "implicitDeny"], strict=True))
    assert result["EvalDecision"] == "implicitDeny"
    assert result["ResourceSpecificResults"][0]["MatchedStatements"] == [matched("own")]
    assert decide("s3:GetObject", ResourceArns=[OBJECT])["EvalDecision"] == "allowed"
    assert decide("s3:GetObject")["EvalDecision"] == "implicitDeny"


def test_an_explicit_deny_wins(iam: Any, role: str, decide: Decide) -> None:
    iam.attach_role_policy(RoleName=role, PolicyArn=S3)
    put(iam, role, {**allow("s3:Get*"), "Effect": "Deny"})
    result = decide("s3:GetObject")
    assert result["EvalDecision"] == "explicitDeny"
    assert result["MatchedStatements"] == [matched("own")]


@pytest.mark.parametrize(
    ("limit", "decision", "within"),
    [
        (allow("s3:*"), "allowed", True),
        (allow("sqs:*"), "implicitDeny", False),
        ({**allow("s3:GetObject"), "Effect": "Deny"}, "explicitDeny", False),
    ],
    ids=short,
)
def test_the_boundary_limits(
    iam: Any, role: str, decide: Decide, limit: Json, decision: str, within: bool
) -> None:
    put(iam, role, allow("s3:*"))
    bound(iam, role, limit)
    result = decide("s3:GetObject")
    assert result["EvalDecision"] == decision
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": within}


def test_a_boundary_allows_nothing_by_itself(iam: Any, role: str, decide: Decide) -> None:
    bound(iam, role, allow("*"))
    assert decide("s3:GetObject")["EvalDecision"] == "implicitDeny"


def test_conditions_are_judged_by_what_is_told(iam: Any, role: str, decide: Decide) -> None:
    put(iam, role, allow("s3:*", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}))
    unknown = decide("s3:GetObject")
    assert (unknown["EvalDecision"], unknown["MissingContextValues"]) == ("implicitDeny", ["aws:SourceIp"])

    def at(address: str) -> str:
        entry = {"ContextKeyName": "aws:SourceIp", "ContextKeyType": "ip", "ContextKeyValues": [address]}
        return str(decide("s3:GetObject", ContextEntries=[entry])["EvalDecision"])

    assert (at("10.1.2.3"), at("192.0.2.1")) == ("allowed", "implicitDeny")


def test_the_default_version_of_a_policy_counts(iam: Any, role: str, decide: Decide) -> None:
    made = iam.create_policy(PolicyName=role, PolicyDocument=json.dumps(policy(allow("s3:*"))))["Policy"]
    iam.attach_role_policy(RoleName=role, PolicyArn=made["Arn"])
    assert decide("s3:GetObject")["EvalDecision"] == "allowed"
    document = json.dumps(policy(allow("sqs:*")))
    iam.create_policy_version(PolicyArn=made["Arn"], PolicyDocument=document, SetAsDefault=True)
    assert decide("s3:GetObject")["EvalDecision"] == "implicitDeny"


def test_a_policy_is_simulated_as_of_the_lag(bench: Bench, iam: Any, role: str, decide: Decide) -> None:
    bench.control.settings(lag=0.001)
    assert decide("s3:GetObject")["EvalDecision"] == "implicitDeny"
    bench.control.settings(lag=60)
    put(iam, role, allow("s3:*"))
    told = refusal(lambda: decide("s3:GetObject"))
    assert told[:2] == ("NoSuchEntity", 404)
    bench.control.settings(lag=0)
    assert decide("s3:GetObject")["EvalDecision"] == "allowed"


def test_documents_can_be_simulated_without_a_role(iam: Any) -> None:
    answer = iam.simulate_custom_policy(
        PolicyInputList=[json.dumps(policy(allow("s3:*")))],
        PermissionsBoundaryPolicyInputList=[json.dumps(policy(allow("s3:GetObject")))],
        ActionNames=["s3:GetObject", "s3:PutObject", "sqs:SendMessage"],
    )
    decisions = [one["EvalDecision"] for one in answer["EvaluationResults"]]
    assert decisions == ["allowed", "implicitDeny", "implicitDeny"]
    assert answer["EvaluationResults"][0]["MatchedStatements"] == [matched("PolicyInputList.1")]


def test_results_come_in_pages(iam: Any) -> None:
    asked = {
        "PolicyInputList": [json.dumps(policy(allow("s3:*")))],
        "ActionNames": ["s3:GetObject", "s3:PutObject", "sqs:SendMessage"],
    }
    first = iam.simulate_custom_policy(**asked, MaxItems=2)
    rest = iam.simulate_custom_policy(**asked, MaxItems=2, Marker=first["Marker"])
    assert (len(first["EvaluationResults"]), first["IsTruncated"]) == (2, True)
    assert (len(rest["EvaluationResults"]), rest["IsTruncated"]) == (1, False)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (f"arn:aws:iam::{ACCOUNT}:role/team/none", "NoSuchEntity"),
        (f"arn:aws:iam::{ACCOUNT}:policy/none", "InvalidInput"),
        (f"arn:aws:iam::{ACCOUNT}:user/moto", "NotImplementedException"),
    ],
    ids=short,
)
def test_what_cannot_be_simulated(iam: Any, source: str, code: str) -> None:
    asked = {"PolicySourceArn": source, "ActionNames": ["s3:GetObject"]}
    assert refusal(lambda: iam.simulate_principal_policy(**asked))[0] == code
