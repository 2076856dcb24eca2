"""`kubectl iamsa update`: just what is named changes, all else stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from e2e.shop import AUDIENCE, EXPIRATION, S3, SQS, Done, Shop, aws_managed, entry_of
from e2e.trials import DOCUMENT, Files, state, words
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


def test_policies_are_added_to_those_that_are_there(rich: Shop) -> None:
    assert update(rich, "-p", SQS).stdout.splitlines()[-1] == rich.role_arn
    assert rich.attached() == {S3, SQS}
    assert rich.inline() == {"reader": DOCUMENT}


@pytest.mark.parametrize("spelled", [SQS, aws_managed(SQS)])
def test_a_managed_policy_is_removed_by_name_or_arn(rich: Shop, spelled: str) -> None:
    update(rich, "-p", SQS)
    update(rich, "-a", "delete", "-p", spelled)
    assert rich.attached() == {S3}


@pytest.mark.parametrize("spelled", ["{file}", "reader", "./gone/reader.json"])
def test_an_inline_policy_is_removed_by_its_file_or_its_name(rich: Shop, files: Files, spelled: str) -> None:
    update(rich, "-a", "delete", "-p", spelled.format(file=files.reader))
    assert rich.inline() == {}
    assert rich.attached() == {S3}


@pytest.mark.parametrize("action", ["add", "delete"])
def test_what_is_so_already_is_no_error(rich: Shop, writes: Writes, action: str) -> None:
    update(rich, "-a", action, "-p", SQS)
    before, had = state(rich), writes()
    done = update(rich, "-a", action, "-p", SQS)
    assert done.stdout.splitlines()[0] == "serviceaccount/shop unchanged"
    assert (state(rich), writes()) == (before, had)


def test_a_name_that_the_role_never_had_is_told(rich: Shop) -> None:
    done = update(rich, "-a", "delete", "-p", "AmazonSQSReadOnlyAcess")
    assert done.stderr == f"note: role {rich.role_name} has no policy AmazonSQSReadOnlyAcess\n"


def test_what_is_not_named_stays(rich: Shop) -> None:
    before = state(rich)
    update(rich, "-p", SQS)
    after = state(rich)
    assert after["attached"] == sorted({S3, SQS})
    del before["attached"], after["attached"], after["role"]["Tags"][entry_of(aws_managed(SQS))]
    assert after == before


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        (("--description", "new"), "Description", "new"),
        (("--max-session-duration", "3h"), "MaxSessionDuration", 10800),
    ],
)
def test_a_setting_that_is_named_changes_alone(
    rich: Shop, given: tuple[str, ...], field: str, value: Any
) -> None:
    before = rich.role()
    update(rich, *given)
    assert before
    assert rich.role() == {**before, field: value}


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


def test_an_audience_that_is_in_use_stays(shop: Shop, provider: str) -> None:
    shop.create("--audience", "vault", "--create-oidc-provider")
    assert provider
    update(shop, "-p", SQS)
    assert shop.trust() == [shop.statement(audience="vault")]
    assert shop.annotations()[AUDIENCE] == "vault"


def test_the_service_account_is_written_too(rich: Shop) -> None:
    update(rich, "--token-expiration", "2h")
    assert rich.annotations()[EXPIRATION] == "7200"


def test_drift_is_repaired_on_the_way(rich: Shop) -> None:
    rich.set_trust(rich.statement(audience="other"))
    update(rich, "-p", SQS)
    assert rich.trust() == [rich.statement()]
    rich.annotate("eks.amazonaws.com/role-arn-")
    update(rich, "-p", SQS)
    assert rich.annotations()["eks.amazonaws.com/role-arn"] == rich.role_arn
    assert rich.trust() == [rich.statement()]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("-p", SQS, "--path", "/team/"), "lies under the path /iamsa/, not /team/"),
        (("-p", "NoSuchPolicyAnywhere"), "there is no managed policy named NoSuchPolicyAnywhere"),
    ],
)
def test_what_cannot_be_is_refused_before_any_write(
    rich: Shop, writes: Writes, given: tuple[str, ...], says: str
) -> None:
    assert says in update(rich, *given, code=1).stderr
    assert writes() == []


def test_a_role_that_is_not_there_is_not_made(shop: Shop, writes: Writes) -> None:
    refused = update(shop, "-p", S3, code=1).stderr
    assert refused.startswith(f"error: role {shop.role_name} does not exist; create it with kubectl iamsa")
    assert writes() == []


@pytest.mark.parametrize("trust", ["account", "own"])
def test_forged_tags_never_get_a_policy(shop: Shop, writes: Writes, trust: str) -> None:
    """Somebody makes a role with our tags, and lets himself in."""
    principal = {"AWS": f"arn:aws:iam::{shop.world.account}:root"}
    theirs = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    own = [shop.statement()] if trust == "own" else []
    shop.make_role(trust=[theirs, *own], tags=shop.tags, path="/iamsa/")
    shop.make_service_account({"eks.amazonaws.com/role-arn": shop.role_arn})
    made = writes()
    assert "also holds: Allow sts:AssumeRole" in update(shop, "-p", S3, code=1).stderr
    assert writes() == made


def test_nothing_is_written_in_a_dry_run(rich: Shop, writes: Writes) -> None:
    done = update(rich, "-p", SQS, "--remove-tag", "team", "--dry-run", "-o", "json")
    steps = json.loads(done.stdout)["status"]["run"]["steps"]
    assert [step["verb"] for step in steps] == ["set", "attach", "remove"]
    assert writes() == []
