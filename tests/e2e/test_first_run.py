"""`kubectl iamsa create`: from nothing to a ServiceAccount with its role, and then nothing more."""

from __future__ import annotations

import re

import pytest
from e2e.shop import MARKER, ROLE_ARN, S3, Shop
from pocket_eks.control import Control


def test_each_step_is_a_line_on_stdout_and_the_role_is_the_last(shop: Shop) -> None:
    done = shop.create()
    assert done.stdout.splitlines() == [
        f"role/{shop.role_name} created",
        f"role/{shop.role_name} policy {S3} attached",
        "serviceaccount/shop created",
        shop.role_arn,
    ]
    assert done.stderr == ""


def test_the_role_trusts_this_service_account_alone_and_says_whose_it_is(shop: Shop) -> None:
    shop.create()
    assert shop.role() == {
        "RoleName": shop.role_name,
        "Path": "/iamsa/",
        "Arn": shop.role_arn,
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [shop.statement()]},
        "MaxSessionDuration": 3600,
        "Tags": {**shop.tags, **shop.recorded(S3)},
    }
    assert (shop.attached(), shop.inline()) == ({S3}, {})
    assert re.fullmatch(rf"iamsa-demo-{shop.namespace}-shop-[a-z2-7]{{10}}", shop.role_name)


def test_the_service_account_carries_the_role_and_who_made_it(shop: Shop) -> None:
    shop.create()
    marker = f"{shop.world.cluster_arn}/{shop.namespace}/shop"
    assert shop.annotations() == {ROLE_ARN: shop.role_arn, MARKER: marker}


def test_everything_is_tried_before_aws_is_changed_and_the_annotation_comes_last(
    shop: Shop, control: Control
) -> None:
    shop.create()
    actions = [(call["action"], call["write"]) for call in control.calls()]
    first_write = next(place for place, (_, write) in enumerate(actions) if write)
    assert ("kube:create:serviceaccounts", False) in actions[:first_write]  # the rehearsal
    wrote = [action for action, write in actions if write]
    assert wrote == ["iam:CreateRole", "iam:AttachRolePolicy", "kube:create:serviceaccounts"]
    last_write = max(place for place, (_, write) in enumerate(actions) if write)
    assert ("iam:GetRole", False) in actions[last_write:]


def test_a_second_run_changes_nothing(made: Shop, control: Control) -> None:
    before = made.role(), made.service_account()
    control.clear_calls()
    done = made.create()
    calls = control.calls()
    assert done.stdout.splitlines() == ["serviceaccount/shop unchanged", made.role_arn]
    assert done.stderr == ""
    assert (made.role(), made.service_account()) == before
    assert [call["action"] for call in calls if call["write"]] == []
    assert len([call for call in calls if call["upstream"] == "aws"]) <= 5
    assert len([call for call in calls if call["upstream"] == "kube"]) <= 3


def test_a_run_with_nothing_to_do_waits_for_two_calls_one_after_the_other(
    made: Shop, control: Control
) -> None:
    control.settings(latency=1.0)
    made.create()
    calls = sorted(call["at"] for call in control.calls())
    assert calls[-1] - calls[0] < 2 * 1.0  # the second wave starts after one answer, and there is no third


@pytest.mark.usefixtures("cluster_admin")
def test_the_same_name_in_two_namespaces_means_two_roles(shop: Shop) -> None:
    other = Shop(shop.world, "default", shop.iam, shop.iamsa, shop.kubectl, name=f"a-{shop.namespace}")
    twin = Shop(shop.world, shop.namespace, shop.iam, shop.iamsa, shop.kubectl, name=other.name)
    assert other.create().stdout.splitlines()[-1] == other.role_arn
    assert twin.create().stdout.splitlines()[-1] == twin.role_arn
    assert other.role_arn != twin.role_arn


def test_the_longest_names_make_a_role_name_that_iam_takes(shop: Shop) -> None:
    long = Shop(
        shop.world,
        shop.namespace,
        shop.iam,
        shop.iamsa,
        shop.kubectl,
        name="a.b-" + "c" * 180 + ".d",
    )
    arn = long.create().stdout.splitlines()[-1]
    assert len(arn.rpartition("/")[2]) <= 64
    assert long.create().stdout.splitlines()[0].endswith(" unchanged")
