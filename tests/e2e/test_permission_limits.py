"""Attempts to step outside docs/permissions, made as the user whom these documents limit."""

from __future__ import annotations

import pytest
from e2e.limited import CHANGES, DENIED, OURS, THEIRS, UNMANAGED, Limited
from e2e.shop import Shop

pytestmark = pytest.mark.warm


@pytest.mark.parametrize("operation", CHANGES)
def test_a_role_of_ours_may_be_changed(limited: Limited, operation: str) -> None:
    role = limited.role("ours")
    limited.under("base", "boundary")
    # A role cannot go while it has policies, and that is not for want of rights.
    assert limited.change(operation, role) == ("DeleteConflict" if operation == "DeleteRole" else "done")


@pytest.mark.parametrize("kind", UNMANAGED)
@pytest.mark.parametrize("operation", CHANGES)
def test_any_other_role_may_not(limited: Limited, operation: str, kind: str) -> None:
    role = limited.role(kind)
    limited.under("base", "boundary", "provider", "inventory")
    assert limited.change(operation, role) == DENIED


@pytest.mark.parametrize("operation", CHANGES)
def test_with_adopt_it_may_but_loses_neither_tags_nor_boundary_nor_life(
    limited: Limited, operation: str
) -> None:
    kept = ("UntagRole", "DeleteRolePermissionsBoundary", "DeleteRole")
    role = limited.role("without our tags")
    limited.under("base", "boundary", "adopt")
    assert limited.change(operation, role) == (DENIED if operation in kept else "done")


@pytest.mark.parametrize(
    ("documents", "path", "tags", "outcome"),
    [
        (("base",), "/iamsa/", OURS, "done"),
        (("base",), "/iamsa/team/", OURS, "done"),
        (("base",), "/", OURS, DENIED),
        (("base",), "/iamsa-2/", OURS, DENIED),
        (("base",), "/iamsa/", {}, DENIED),
        (("base",), "/iamsa/", THEIRS, DENIED),
        (("base",), "/iamsa/", {**OURS, "iamsa/manager": "me"}, DENIED),
        (("base", "adopt"), "/", OURS, "done"),
        (("base", "adopt"), "/", THEIRS, DENIED),
    ],
)
def test_where_and_for_whom_a_role_may_be_created(
    limited: Limited, documents: tuple[str, ...], path: str, tags: dict[str, str], outcome: str
) -> None:
    limited.under(*documents)
    assert limited.create(path, tags) == outcome


def test_a_role_is_created_with_tags_only_where_tag_role_is_granted(limited: Limited) -> None:
    limited.under("base", without="iam:TagRole")
    assert limited.create("/iamsa/", OURS) == f"{DENIED} TagRole"


@pytest.mark.parametrize("kind", UNMANAGED)
def test_only_adopt_makes_another_s_role_ours(limited: Limited, kind: str) -> None:
    role = limited.role(kind)
    limited.under("base", "boundary")
    assert limited.tag(role, OURS) == DENIED
    limited.under("base", "adopt")
    assert limited.tag(role, OURS) == "done"


@pytest.mark.parametrize("key", ["iamsa/manager", "iamsa/cluster", "IAMSA/Cluster"])
def test_no_role_is_given_away(limited: Limited, key: str) -> None:
    role = limited.role("ours")
    limited.under("base", "adopt")
    assert limited.tag(role, {key: "other"}) == DENIED


@pytest.mark.parametrize("key", ["iamsa/manager", "iamsa/cluster", "iamsa/namespace", "IAMSA/Issuer"])
def test_the_tags_that_say_whose_a_role_is_cannot_be_removed(limited: Limited, key: str) -> None:
    role = limited.role("ours")
    limited.under("base", "adopt")
    assert limited.attempt("UntagRole", role, TagKeys=["team", key]) == DENIED


@pytest.mark.parametrize(
    ("keys", "outcome"),
    [
        (["iamsa/policy/abc"], "done"),
        (["iamsa/policy/abc", "team"], DENIED),
        (["iamsa/adopted"], DENIED),
        (["iamsa/policy"], DENIED),
    ],
)
def test_of_another_s_role_only_entries_of_the_record_may_be_removed(
    limited: Limited, keys: list[str], outcome: str
) -> None:
    role = limited.role("without our tags")
    limited.under("base", "adopt")
    assert limited.attempt("UntagRole", role, TagKeys=keys) == outcome


@pytest.mark.parametrize("granted", [("base",)], ids=["base"])
def test_a_command_that_steps_outside_names_what_was_denied(shop: Shop) -> None:
    done = shop.create("--path", "/team/", code=1)
    assert done.stderr.startswith("error: AWS denied iam:CreateRole")
    assert (shop.role(), shop.service_account()) == (None, None)
