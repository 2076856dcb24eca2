"""The record of policies on a role stays true, whatever is refused or runs at the same time."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from e2e.shop import S3, SQS, Shop, aws_managed, entry_of
from e2e.trials import start, words
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

EC2 = "AmazonEC2ReadOnlyAccess"
DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}


def entries(shop: Shop) -> set[str]:
    role = shop.role()
    assert role
    return {key for key in role["Tags"] if key.startswith("iamsa/policy/")}


def ended(runs: list[subprocess.Popen[str]]) -> None:
    for run in runs:
        _, stderr = run.communicate(timeout=60)
        assert run.returncode == 0, stderr


@pytest.mark.parametrize("order", [(SQS, EC2), (EC2, SQS)])
def test_two_updates_that_are_held_before_they_record(
    made: Shop, control: Control, order: tuple[str, str]
) -> None:
    control.fault("aws", "iam:TagRole", {"hold": "before"}, times=2)
    runs = []
    for count, policy in enumerate(order, start=1):
        runs.append(start(made, words("update", made, "-p", policy)))
        control.wait_for_held(count)
    control.release()
    ended(runs)
    assert entries(made) == {entry_of(aws_managed(one)) for one in (S3, SQS, EC2)}
    made.iamsa(*words("delete", made))
    assert made.role() is None


def test_what_is_refused_is_not_recorded(made: Shop, control: Control, tmp_path: Path) -> None:
    file = tmp_path / "writer.json"
    file.write_text(json.dumps(DOCUMENT))
    control.fault("aws", "iam:PutRolePolicy", {"error": "LimitExceeded"})
    made.iamsa(*words("update", made, "-p", str(file)), code=1)
    made.iam.put_role_policy(
        RoleName=made.role_name, PolicyName="writer", PolicyDocument=json.dumps(DOCUMENT)
    )
    refused = made.iamsa(*words("delete", made), code=1)
    assert "inline policy writer" in refused.stderr
    assert list(made.inline()) == ["writer"]


@pytest.mark.parametrize("granted", [("base", "adopt")], ids=["base-and-adopt"])
def test_what_is_refused_on_a_role_of_somebody_else_leaves_no_tag(shop: Shop, control: Control) -> None:
    shop.make_role(tags={"Terraform": "true"})
    control.fault("aws", "iam:AttachRolePolicy", {"error": "LimitExceeded"})
    done = shop.create("--adopt", code=1)
    assert "besides" not in done.stderr
    role = shop.role()
    assert role
    assert role["Tags"] == {"Terraform": "true"}
