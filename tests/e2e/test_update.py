"""`kubectl iamsa update` in the world: everything that is not named stays. The rest is in unit/runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from e2e.shop import S3, SQS, Done, Shop, aws_managed, entry_of
from e2e.trials import Files, state, words
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]


def update(shop: Shop, *more: str, **options: Any) -> Done:
    return shop.iamsa(*words("update", shop, *more), **options)


@pytest.fixture
def rich(shop: Shop, control: Control, files: Files) -> Shop:
    """A role with all that an update could lose."""
    shop.create(
        *("-p", files.reader, "--permissions-boundary", files.boundary, "--tag", "team=web"),
        *("--description", "of the shop", "--max-session-duration", "2h", "--token-expiration", "1h"),
    )
    control.clear_calls()
    return shop


@pytest.mark.parametrize("spelled", ["{file}", "reader", "./gone/reader.json"])
def test_an_inline_policy_is_removed_by_its_file_or_its_name(rich: Shop, files: Files, spelled: str) -> None:
    update(rich, "-a", "delete", "-p", spelled.format(file=files.reader))
    assert rich.inline() == {}
    assert rich.attached() == {S3}


def test_what_is_not_named_stays(rich: Shop) -> None:
    before = state(rich)
    update(rich, "-p", SQS)
    after = state(rich)
    assert after["attached"] == sorted({S3, SQS})
    del before["attached"], after["attached"], after["role"]["Tags"][entry_of(aws_managed(SQS))]
    assert after == before


def test_tags_are_set_and_removed(rich: Shop) -> None:
    update(rich, "--tag", "cost=7", "--remove-tag", "TEAM")
    role = rich.role()
    assert role
    assert {key: value for key, value in role["Tags"].items() if "/" not in key} == {"cost": "7"}


def test_a_boundary_is_removed_only_expressly(rich: Shop, files: Files) -> None:
    update(rich, "-p", SQS)
    role = rich.role()
    assert role
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == files.boundary
    update(rich, "--remove-permissions-boundary")
    role = rich.role()
    assert role
    assert "PermissionsBoundary" not in role
    assert "iamsa/permissions-boundary" not in role["Tags"]
    assert "unchanged" in rich.create(policies=[S3]).stdout
