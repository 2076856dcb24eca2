"""What keeps a role from being deleted, as AWS and Kubernetes have it; unit/runs has the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from e2e.outside_changes import (
    annotated_by_helm,
    attached_by_hand,
    of_an_earlier_cluster,
)
from e2e.shop import SQS, Done, Shop, aws_managed
from e2e.trials import words

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]


def delete(shop: Shop, *more: str, **options: Any) -> Done:
    return shop.iamsa(*words("delete", shop, *more), **options)


@pytest.mark.parametrize(
    ("change", "says", "remedy"),
    [
        (attached_by_hand, f"policies that iamsa did not add: policy {aws_managed(SQS)}", "--purge"),
        (of_an_earlier_cluster, "was created for an earlier cluster with the same name", "--rebind"),
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


def test_an_instance_profile_is_to_be_left_first(
    made: Shop, writes: Writes, unique: Callable[[str], str]
) -> None:
    profile = unique("nodes")
    made.iam.create_instance_profile(InstanceProfileName=profile)
    made.iam.add_role_to_instance_profile(InstanceProfileName=profile, RoleName=made.role_name)
    before = writes()
    refused = delete(made, code=1).stderr
    assert (
        f"is in the instance profile {profile}; remove it with aws iam remove-role-from-instance-profile"
        in refused
    )
    assert writes() == before
    made.iam.remove_role_from_instance_profile(InstanceProfileName=profile, RoleName=made.role_name)
    delete(made)


def test_an_annotation_that_somebody_else_wrote_stays(made: Shop, writes: Writes) -> None:
    annotated_by_helm(made)
    before = writes()
    refused = delete(made, code=1).stderr
    assert "belongs to the field manager helm; remove it there first, or add --force-conflicts" in refused
    assert writes() == before
    delete(made, "--force-conflicts")
    assert made.role() is None
