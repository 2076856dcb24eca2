"""docs/permissions/base-with-boundary.json: no role without the boundary, and none that loses it."""

from __future__ import annotations

import pytest
from e2e.limited import CHANGES, DENIED, OURS, Limited
from e2e.shop import S3, Shop, aws_managed

pytestmark = pytest.mark.warm

# boundary.json beside it, which by itself would allow to set and remove any boundary.
DOCUMENTS = ("base-with-boundary", "boundary")
BOUNDARY_CHANGES = ("PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary")
TAGGING = ("TagRole", "UntagRole")


def test_a_role_is_created_with_this_boundary_only(limited: Limited, the_boundary: str) -> None:
    limited.under(*DOCUMENTS)
    assert limited.create("/iamsa/", OURS) == DENIED
    assert limited.create("/iamsa/", OURS, PermissionsBoundary=aws_managed(S3)) == DENIED
    assert limited.create("/iamsa/", OURS, PermissionsBoundary=the_boundary) == "done"


@pytest.mark.parametrize("operation", [one for one in CHANGES if one not in BOUNDARY_CHANGES])
def test_a_role_with_the_boundary_may_be_changed(limited: Limited, the_boundary: str, operation: str) -> None:
    role = limited.role("ours", PermissionsBoundary=the_boundary)
    limited.under(*DOCUMENTS)
    assert limited.change(operation, role) == ("DeleteConflict" if operation == "DeleteRole" else "done")


@pytest.mark.parametrize("operation", [one for one in CHANGES if one not in TAGGING])
@pytest.mark.parametrize("boundary", [{}, {"PermissionsBoundary": aws_managed(S3)}], ids=["none", "another"])
def test_a_role_without_it_may_not(limited: Limited, boundary: dict[str, str], operation: str) -> None:
    role = limited.role("ours", **boundary)
    limited.under(*DOCUMENTS)
    assert limited.change(operation, role) == DENIED


@pytest.mark.parametrize("operation", BOUNDARY_CHANGES)
def test_the_boundary_is_neither_replaced_nor_removed(
    limited: Limited, the_boundary: str, operation: str
) -> None:
    role = limited.role("ours", PermissionsBoundary=the_boundary)
    limited.under(*DOCUMENTS, "adopt")
    assert limited.change(operation, role) == DENIED


def test_the_boundary_may_be_put_back(limited: Limited, the_boundary: str) -> None:
    role = limited.role("ours")
    limited.under("base-with-boundary")
    put = limited.attempt("PutRolePermissionsBoundary", role, PermissionsBoundary=the_boundary)
    assert put == "done"
    assert limited.change("AttachRolePolicy", role) == "done"


@pytest.mark.parametrize("granted", [("base-with-boundary",)], ids=["base-with-boundary"])
def test_a_command_that_would_remove_it_is_denied(shop: Shop, the_boundary: str) -> None:
    shop.create("--permissions-boundary", the_boundary)
    words = ("update", shop.name, "-n", shop.namespace, "--remove-permissions-boundary")
    done = shop.iamsa(*words, code=1)
    assert done.stderr.startswith("error: AWS denied iam:DeleteRolePermissionsBoundary")
    role = shop.role()
    assert role
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == the_boundary
