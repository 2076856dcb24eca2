"""What the emulators' answers read like at the gate, whichever emulator it is."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from gate.bench import ACCOUNT, PROVIDER, Bench, trust

TAGS = [{"Key": "team", "Value": "web"}]


@pytest.fixture
def iam(bench: Bench) -> Any:
    return bench.aws("iam")


@pytest.fixture
def role(iam: Any) -> Iterator[str]:
    """The name of a role with tags and no description."""
    name = f"Role-{uuid.uuid4().hex[:8]}"
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(), Tags=TAGS)
    yield name
    iam.delete_role(RoleName=name)


def test_a_role_without_a_description_has_none(iam: Any, role: str) -> None:
    assert "Description" not in iam.get_role(RoleName=role)["Role"]


@pytest.mark.parametrize("lag", [0, 0.001])
def test_a_description_comes_back_as_it_was_given(bench: Bench, iam: Any, role: str, lag: float) -> None:
    text = "Web & shop, <all> of it"
    iam.update_role(RoleName=role, Description=text)
    bench.control.settings(lag=lag)
    assert iam.get_role(RoleName=role)["Role"]["Description"] == text


def test_roles_are_listed_without_their_tags(iam: Any, role: str) -> None:
    (listed,) = [one for one in iam.list_roles()["Roles"] if one["RoleName"] == role]
    assert "Tags" not in listed
    assert iam.get_role(RoleName=role)["Role"]["Tags"] == TAGS


def test_a_provider_has_its_url_without_a_scheme(iam: Any) -> None:
    found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER)
    assert found["Url"] == PROVIDER.partition("/")[2]


def test_the_quotas_are_told(iam: Any) -> None:
    quotas = iam.get_account_summary()["SummaryMap"]
    assert quotas["AttachedPoliciesPerRoleQuota"] == 10
    assert quotas["AssumeRolePolicySizeQuota"] == 2048
    assert quotas["RolePolicySizeQuota"] == 10240


def test_the_users_key_is_a_users(bench: Bench) -> None:
    found = bench.aws("sts").get_caller_identity()
    assert (found["Account"], found["Arn"]) == (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/moto")


def test_tags_of_a_provider(iam: Any) -> None:
    which = {"OpenIDConnectProviderArn": PROVIDER}
    audiences = iam.get_open_id_connect_provider(**which)["ClientIDList"]
    iam.tag_open_id_connect_provider(**which, Tags=[{"Key": "team", "Value": "api"}])
    iam.tag_open_id_connect_provider(**which, Tags=[*TAGS, {"Key": "stage", "Value": "test"}])
    found = iam.get_open_id_connect_provider(**which)
    assert sorted((one["Key"], one["Value"]) for one in found["Tags"]) == [("stage", "test"), ("team", "web")]
    iam.untag_open_id_connect_provider(**which, TagKeys=["stage", "team", "none"])
    found = iam.get_open_id_connect_provider(**which)
    assert (found.get("Tags", []), found["ClientIDList"]) == ([], audiences)
