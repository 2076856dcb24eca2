"""Dry runs against a real API server. The forms of output are in unit/runs/test_previews."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from e2e.shop import ROLE_ARN, S3, SQS, Shop, undated

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]


@pytest.mark.parametrize(("kind", "suffix"), [("client", "dry run"), ("server", "server dry run")])
def test_a_dry_run_prints_the_steps_and_writes_nothing(
    shop: Shop, writes: Writes, kind: str, suffix: str
) -> None:
    dry = shop.create(f"--dry-run={kind}")
    assert writes() == []
    assert (shop.role(), shop.service_account()) == (None, None)
    real = shop.create()
    *steps, arn = real.stdout.splitlines()
    assert dry.stdout.splitlines() == [*(f"{step} ({suffix})" for step in steps), arn]


def drifted(shop: Shop) -> None:
    shop.create()
    shop.annotate(f"{ROLE_ARN}-")
    shop.set_trust({**shop.statement(), "Action": "sts:AssumeRole"})


def nothing(_: Shop) -> None:
    """A first run."""


@pytest.mark.usefixtures("cluster_admin")  # who may not read the namespace is told so beforehand
@pytest.mark.parametrize("before", [nothing, drifted])
def test_a_dry_run_foretells_the_very_document_of_the_real_run(
    shop: Shop, before: Callable[[Shop], None]
) -> None:
    before(shop)
    words = ("-o", "json", "--tag", "team=a", "--max-session-duration", "2h")
    documents = [
        undated(json.loads(shop.create(*words, f"--dry-run={kind}", policies=[S3, SQS]).stdout))
        for kind in ("client", "server", "none")
    ]
    assert [one["status"]["run"].pop("dryRun") for one in documents] == ["client", "server", "none"]
    assert documents[0] == documents[1] == documents[2]
    real = documents[2]["status"]
    role = shop.role()
    assert role
    assert real["role"]["tags"] == role["Tags"]
    assert real["role"]["trustPolicy"] == role["AssumeRolePolicyDocument"]
    assert real["serviceAccount"]["annotations"] == shop.annotations()
    assert {one["name"] for one in real["policies"]["managed"]} == shop.attached()
