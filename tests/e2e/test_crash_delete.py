"""A create that dies at any write is undone by delete, or completed by running it again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from e2e.shop import Shop
from e2e.trials import Files, create, killed_at, start, state, words, writes_of
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

NewShop = Callable[[], Shop]


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_create_that_was_killed_can_be_deleted(
    new_warm_shop: NewShop, control: Control, files: Files, point: str
) -> None:
    undisturbed = new_warm_shop()
    control.clear_calls()
    undisturbed.iamsa(*create(undisturbed, "-p", files.reader))
    for write in list(writes_of(control.calls())):
        shop = new_warm_shop()
        killed_at(shop, control, create(shop, "-p", files.reader), write, point)
        shop.iamsa(*words("delete", shop, "--ignore-not-found"))
        assert (shop.role(), shop.service_account()) == (None, None), f"killed {point} {write}"


@pytest.mark.usefixtures("cluster_admin")
@pytest.mark.parametrize("point", ["before", "after"])
def test_a_create_with_namespace_and_provider_leaves_only_these(
    shop: Shop,
    control: Control,
    provider: str,
    point: str,
    unique: Callable[[str], str],
) -> None:
    for action in (
        "kube:create:namespaces",
        "iam:CreateOpenIDConnectProvider",
        "iam:CreateRole",
        "iam:AttachRolePolicy",
        "kube:create:serviceaccounts",
    ):
        shop.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
        fresh = Shop(shop.world, unique("made"), shop.iam, shop.iamsa, shop.kubectl)
        argv = create(fresh, "--create-namespace", "--create-oidc-provider")
        skips = {"kube:create:namespaces": 1, "kube:create:serviceaccounts": 1}
        upstream = action.split(":")[0].replace("iam", "aws")
        control.fault(upstream, action, {"hold": point}, skip=skips.get(action, 0))
        run = start(fresh, argv)
        control.wait_for_held()
        run.kill()
        run.communicate()
        control.reset()
        shop.iamsa(*words("delete", fresh, "--ignore-not-found"))
        assert (fresh.role(), fresh.service_account()) == (None, None), action
        fresh.iamsa(*argv)
        assert state(fresh)["attached"]


def test_killed_while_it_recognises_its_own_lost_creation(shop: Shop, control: Control) -> None:
    """CreateRole whose answer was lost, and a kill while the role is looked for."""
    control.fault("aws", "iam:CreateRole", {"drop": "after"})
    control.fault("aws", "iam:GetRole", {"hold": "before"}, skip=1)
    run = start(shop, create(shop))
    control.wait_for_held()
    run.kill()
    run.communicate()
    control.reset()
    shop.create()
    assert "unchanged" in shop.create().stdout
