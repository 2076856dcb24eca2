"""What eksctl asks of AWS before and while it makes a ServiceAccount's role: versions of EKS, and a stack."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from gate.bench import ACCOUNT, Bench, trust
from pocket_eks.gate.templates import listed
from pocket_eks.pytest_plugin import on_moto


def versions(bench: Bench, **asked: Any) -> list[str]:
    found = bench.aws("eks").describe_cluster_versions(**asked)["clusterVersions"]
    return [one["clusterVersion"] for one in found]


def test_the_versions_that_eks_offers(bench: Bench) -> None:
    assert versions(bench)[0] == "1.35"
    assert versions(bench, defaultOnly=True) == ["1.35"]
    assert versions(bench, clusterVersions=["1.33"]) == ["1.33"]
    assert "1.35" not in versions(bench, versionStatus="EXTENDED_SUPPORT")
    [call, *_] = bench.control.calls()
    assert (call["action"], call["write"]) == ("eks:DescribeClusterVersions", False)


def test_the_cluster_s_version_is_offered(bench: Bench) -> None:
    eks = bench.aws("eks")
    assert eks.describe_cluster(name="demo")["cluster"]["version"] in versions(bench)


@on_moto
@pytest.mark.parametrize("attribute", ["Role1.Arn", ["Role1", "Arn"]], ids=["word", "list"])
def test_a_stack_with_a_role(bench: Bench, attribute: Any) -> None:
    template: dict[str, Any] = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            "Role1": {
                "Type": "AWS::IAM::Role",
                "Properties": {"AssumeRolePolicyDocument": json.loads(trust())},
            }
        },
        "Outputs": {"Role1": {"Value": {"Fn::GetAtt": attribute}}},
    }
    name = f"stack-{uuid.uuid4().hex[:8]}"
    stacks = bench.aws("cloudformation")
    stacks.create_stack(StackName=name, TemplateBody=json.dumps(template))
    [stack] = stacks.describe_stacks(StackName=name)["Stacks"]
    [output] = stack["Outputs"]
    role = output["OutputValue"].rpartition("/")[2]
    assert output["OutputValue"] == f"arn:aws:iam::{ACCOUNT}:role/{role}"
    assert bench.aws("iam").get_role(RoleName=role)["Role"]["Arn"] == output["OutputValue"]
    stacks.delete_stack(StackName=name)


def test_only_attributes_are_changed() -> None:
    template: dict[str, Any] = {
        "a": [{"Fn::GetAtt": "B.C.D"}, {"Fn::Join": ["", ["x.y"]]}],
        "Fn::GetAtt": "a.b",
        "e": 1,
    }
    assert listed(template) == {**template, "a": [{"Fn::GetAtt": ["B", "C.D"]}, template["a"][1]]}
