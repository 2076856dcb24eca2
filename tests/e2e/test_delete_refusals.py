"""What keeps a role from being deleted, each with the way out that is named: it works when done literally."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from e2e.outside_changes import (
    annotated_by_helm,
    attached_by_hand,
    of_an_earlier_cluster,
    put_by_hand,
    taken_over,
    trusted_besides,
)
from e2e.shop import S3, SQS, Done, Shop, aws_managed
from e2e.trials import words

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]


def delete(shop: Shop, *more: str, **options: Any) -> Done:
    return shop.iamsa(*words("delete", shop, *more), **options)


@pytest.mark.parametrize(
    ("change", "says", "remedy"),
    [
        (attached_by_hand, f"what iamsa did not put there: policy {aws_managed(SQS)}", "--purge"),
        (put_by_hand, "what iamsa did not put there: inline policy by-hand", "--purge"),
        (of_an_earlier_cluster, "was made for an earlier cluster of the same name", "--rebind"),
        (taken_over, "was not made by iamsa but taken over", "--adopt"),
    ],
)
def test_a_flag_is_needed_and_named(
    made: Shop, writes: Writes, change: Callable[[Shop], None], says: str, remedy: str
) -> None:
    change(made)
    before = writes()
    refused = delete(made, code=1).stderr
    assert says in refused
    assert f"add {remedy} " in refused
    assert writes() == before
    delete(made, remedy)
    assert (made.role(), made.service_account()) == (None, None)


def test_foreign_trust_is_to_be_removed_first(made: Shop, writes: Writes) -> None:
    trusted_besides(made)
    before = writes()
    refused = delete(made, code=1).stderr
    assert "also holds: Allow sts:AssumeRole to" in refused
    command = f"kubectl iamsa update shop -n {made.namespace} --replace-trust"
    assert command in refused
    assert writes() == before
    made.iamsa(*command.split()[2:])
    delete(made)
    assert made.role() is None


def test_an_instance_profile_is_to_be_left_first(
    made: Shop, writes: Writes, unique: Callable[[str], str]
) -> None:
    profile = unique("nodes")
    made.iam.create_instance_profile(InstanceProfileName=profile)
    made.iam.add_role_to_instance_profile(InstanceProfileName=profile, RoleName=made.role_name)
    before = writes()
    refused = delete(made, code=1).stderr
    assert f"is in the instance profile {profile}; aws iam remove-role-from-instance-profile" in refused
    assert writes() == before
    made.iam.remove_role_from_instance_profile(InstanceProfileName=profile, RoleName=made.role_name)
    delete(made)


@pytest.mark.parametrize(
    "change", [attached_by_hand, put_by_hand, trusted_besides, of_an_earlier_cluster, taken_over]
)
def test_a_role_that_may_not_go_can_be_kept(made: Shop, change: Callable[[Shop], None]) -> None:
    change(made)
    before = made.role()
    assert "--keep-role to leave it" in delete(made, code=1).stderr
    delete(made, "--keep-role")
    assert (made.role(), made.service_account()) == (before, None)


def test_a_role_that_somebody_else_made_is_never_deleted(shop: Shop, writes: Writes) -> None:
    shop.make_role(tags={"Terraform": "true"}, path="/iamsa/")
    shop.make_service_account({"eks.amazonaws.com/role-arn": shop.role_arn})
    before = writes()
    for flags in ((), ("--adopt", "--purge", "--rebind", "--force-conflicts")):
        assert "is managed by Terraform" in delete(shop, *flags, code=1).stderr
    assert writes() == before


def test_an_annotation_that_somebody_else_wrote_stays(made: Shop, writes: Writes) -> None:
    annotated_by_helm(made)
    before = writes()
    refused = delete(made, code=1).stderr
    assert "belongs to the field manager helm; remove it there first, or add --force-conflicts" in refused
    assert writes() == before
    delete(made, "--force-conflicts")
    assert made.role() is None


def test_policies_of_an_adopted_role_that_were_there_before_stay_until_purged(shop: Shop) -> None:
    shop.make_role(trust=[shop.statement()], path="/iamsa/")
    attached_by_hand(shop)
    shop.create("--adopt")
    refused = delete(shop, "--adopt", code=1).stderr
    assert f"what iamsa did not put there: policy {aws_managed(SQS)}" in refused
    assert shop.attached() == {S3, SQS}
    delete(shop, "--adopt", "--purge")
    assert shop.role() is None
