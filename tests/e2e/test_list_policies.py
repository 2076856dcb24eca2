"""`kubectl iamsa list NAME`: the policies of one ServiceAccount's role."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from e2e.shop import ROLE_ARN, S3, SQS, Done, Shop, aws_managed
from pocket_eks.control import Control

pytestmark = pytest.mark.warm


@pytest.fixture
def stocked(shop: Shop, tmp_path: Path) -> Shop:
    """With two managed policies and an inline one."""
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    file = tmp_path / "reader.json"
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    shop.create(policies=(S3, SQS, str(file)))
    return shop


def policies(shop: Shop, *words: str, code: int = 0) -> Done:
    return shop.iamsa("list", "shop", "-n", shop.namespace, *words, code=code)


def test_managed_policies_come_first_then_inline_ones(stocked: Shop) -> None:
    lines = [line.split() for line in policies(stocked).stdout.splitlines()]
    assert lines == [
        ["NAME", "KIND", "ARN"],
        [S3, "managed", aws_managed(S3)],
        [SQS, "managed", aws_managed(SQS)],
        ["reader", "inline", "<none>"],
    ]


def test_names_alone_one_a_line(stocked: Shop) -> None:
    assert policies(stocked, "-o", "name").stdout == f"{S3}\n{SQS}\nreader\n"


@pytest.mark.parametrize(("output", "load"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_a_document(stocked: Shop, output: str, load: Any) -> None:
    found = load(policies(stocked, "-o", output).stdout)
    assert (found["apiVersion"], found["kind"]) == ("iamsa/v1alpha1", "ServiceAccountRole")
    assert (found["metadata"]["name"], found["metadata"]["namespace"]) == ("shop", stocked.namespace)
    assert found["status"]["role"]["arn"] == stocked.role_arn
    assert found["status"]["policies"] == {
        "managed": [{"name": name, "arn": aws_managed(name)} for name in (S3, SQS)],
        "inline": ["reader"],
    }


def test_it_takes_four_aws_calls(made: Shop, control: Control) -> None:
    policies(made)
    assert sorted(call["action"] for call in control.calls() if call["upstream"] == "aws") == [
        "eks:DescribeCluster",
        "iam:GetRole",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
    ]


def test_a_role_without_policies_is_no_error(made: Shop) -> None:
    made.iam.detach_role_policy(RoleName=made.role_name, PolicyArn=aws_managed(S3))
    done = policies(made)
    assert (done.stdout, done.stderr) == ("", f"No policies found on role {made.role_name}.\n")


class TestWhichRole:
    def test_one_by_name_needs_no_service_account(self, shop: Shop) -> None:
        name = f"other-{shop.namespace}"
        shop.make_role(name)
        shop.iam.attach_role_policy(RoleName=name, PolicyArn=aws_managed(SQS))
        assert policies(shop, "--role-name", name, "-o", "name").stdout == f"{SQS}\n"

    def test_the_annotated_one(self, shop: Shop) -> None:
        name = f"other-{shop.namespace}"
        shop.make_service_account({ROLE_ARN: shop.make_role(name)})
        shop.iam.attach_role_policy(RoleName=name, PolicyArn=aws_managed(SQS))
        assert policies(shop, "-o", "name").stdout == f"{SQS}\n"

    def test_without_an_annotation_the_derived_one(self, made: Shop) -> None:
        made.annotate(f"{ROLE_ARN}-")
        assert policies(made, "-o", "name").stdout == f"{S3}\n"

    def test_or_the_one_that_gen3_would_make(self, shop: Shop) -> None:
        gen3 = Shop(shop.world, shop.namespace, shop.iam, shop.iamsa, shop.kubectl, name=shop.namespace)
        role = f"{shop.world.cluster}-{gen3.name}-role"
        gen3.make_role(role)
        gen3.make_service_account()
        shop.iam.attach_role_policy(RoleName=role, PolicyArn=aws_managed(SQS))
        done = shop.iamsa("list", gen3.name, "-n", shop.namespace, "--role-name-style", "gen3", "-o", "name")
        assert done.stdout == f"{SQS}\n"


class TestRefusals:
    def test_a_missing_service_account(self, shop: Shop) -> None:
        done = policies(shop, code=1)
        assert done.stderr.startswith(f"error: serviceaccount {shop.namespace}/shop does not exist; ")

    def test_a_missing_role(self, shop: Shop) -> None:
        shop.make_service_account()
        done = policies(shop, code=1)
        problem = f"role {shop.role_name} of serviceaccount {shop.namespace}/shop does not exist"
        assert done.stderr.startswith(f"error: {problem}; ")

    def test_a_role_of_another_account(self, shop: Shop) -> None:
        shop.make_service_account({ROLE_ARN: "arn:aws:iam::999999999999:role/theirs"})
        done = policies(shop, code=1)
        assert "is no role of the cluster's account" in done.stderr
