"""The role's options, each as IAM then has it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from e2e.shop import ROLE_ARN, S3, Shop
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]


def test_all_that_can_be_said_of_a_role_stands_in_one_call(
    shop: Shop, boundary: str, writes: Writes, control: Control
) -> None:
    control.clear_calls()
    name = f"Chosen_{shop.namespace}"
    shop.create(
        *("--role-name", name, "--path", "/team/shop/", "--description", "reads the shop's bucket"),
        *("--max-session-duration", "2h", "--permissions-boundary", boundary),
        *("--tag", "team=shop", "--tag", "cost-centre="),
    )
    assert shop.role(name) == {
        "RoleName": name,
        "Path": "/team/shop/",
        "Arn": shop.arn_of(name, "/team/shop/"),
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [shop.statement()]},
        "Description": "reads the shop's bucket",
        "MaxSessionDuration": 7200,
        "PermissionsBoundary": {
            "PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": boundary,
        },
        "Tags": {
            **shop.tags,
            **shop.recorded(S3),
            "team": "shop",
            "cost-centre": "",
            "iamsa/permissions-boundary": boundary,
        },
    }
    assert writes() == ["iam:CreateRole", "iam:AttachRolePolicy", "kube:create:serviceaccounts"]
    assert shop.annotations()[ROLE_ARN] == shop.arn_of(name, "/team/shop/")


def test_the_annotation_finds_a_role_with_a_chosen_name_again(shop: Shop) -> None:
    name = f"Chosen-{shop.namespace}"
    shop.create("--role-name", name, "--path", "/team/")
    assert shop.create().stdout.splitlines() == [
        "serviceaccount/shop unchanged",
        shop.arn_of(name, "/team/"),
    ]
    assert shop.role() is None


def test_gen3_s_style_of_name(shop: Shop, writes: Writes, control: Control) -> None:
    mine = Shop(shop.world, shop.namespace, shop.iam, shop.iamsa, shop.kubectl, name=shop.namespace)
    name = f"demo-{mine.name}-role"
    assert mine.create("--role-name-style", "gen3").stdout.splitlines()[-1] == mine.arn_of(name, "/")
    control.clear_calls()
    for words in ((), ("--role-name-style=gen3",)):
        assert "unchanged" in mine.create(*words).stdout
    assert writes() == []
