"""A lag that changes while the gate runs, the order of what is seen, and the values that AWS makes up."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from gate.bench import PERMISSIONS, Bench
from gate.roles import create, is_there, put

LONG = 600.0
AGES = 0.5
"""Seconds between two changes: much longer than a read takes."""


@pytest.fixture
def iam(bench: Bench) -> Any:
    """A client of IAM; the gate has no lag yet."""
    return bench.aws("iam")


@pytest.fixture
def role(bench: Bench, iam: Any) -> Iterator[str]:
    """The name of a role, gone afterwards with its inline policies."""
    name = f"late-{uuid.uuid4().hex[:8]}"
    create(iam, name)
    yield name
    bench.control.settings(lag=0.0)
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


def policies(iam: Any, role: str) -> list[str]:
    return sorted(iam.list_role_policies(RoleName=role)["PolicyNames"])


def look_back(bench: Bench, to: float) -> None:
    """Set the lag that shows what was there at `to`, on the monotonic clock."""
    # Twice: going back takes the gate a moment, by which the first lag would be too short.
    for _ in range(2):
        bench.control.settings(lag=time.monotonic() - to)


def test_the_lag_is_among_the_settings(bench: Bench) -> None:
    bench.control.settings(lag=2.5)
    bench.control.settings(latency=0.001)
    assert bench.answer("GET", "/settings", {})[1]["lag"] == 2.5


def test_any_lag_shows_what_was_there_then(bench: Bench, iam: Any, role: str) -> None:
    time.sleep(AGES)
    written = []
    for policy in ("a", "b", "c"):
        put(iam, role, policy)
        written.append(time.monotonic())
        time.sleep(AGES)
    # Up and down: further back than before, and then less far.
    for number in (1, 0, 2, 1, 0):
        look_back(bench, written[number] + AGES / 2)
        assert policies(iam, role) == ["a", "b", "c"][: number + 1]


def test_without_a_lag_again_everything_is_seen_at_once(bench: Bench, iam: Any, role: str) -> None:
    bench.control.settings(lag=LONG)
    put(iam, role, "a")
    assert not is_there(iam, role)
    bench.control.settings(lag=0.0)
    put(iam, role, "b")
    assert policies(iam, role) == ["a", "b"]


def test_what_is_written_without_a_lag_is_seen_with_one(bench: Bench, iam: Any, role: str) -> None:
    bench.control.settings(lag=0.001)
    assert policies(iam, role) == []
    bench.control.settings(lag=0.0)
    put(iam, role, "a")
    bench.control.settings(lag=0.001)
    assert policies(iam, role) == ["a"]


def test_changes_are_seen_in_their_order(bench: Bench, iam: Any, role: str) -> None:
    for duration in range(3601, 3621):
        iam.update_role(RoleName=role, MaxSessionDuration=duration)
    bench.control.settings(lag=0.001)
    assert iam.get_role(RoleName=role)["Role"]["MaxSessionDuration"] == 3620


def test_a_role_that_was_made_again_is_another_one(bench: Bench, iam: Any, role: str) -> None:
    old = iam.get_role(RoleName=role)["Role"]["RoleId"]
    before = time.monotonic()
    time.sleep(AGES)
    iam.delete_role(RoleName=role)
    new = create(iam, role)["RoleId"]
    look_back(bench, before)
    assert iam.get_role(RoleName=role)["Role"]["RoleId"] == old
    bench.control.settings(lag=0.001)
    assert iam.get_role(RoleName=role)["Role"]["RoleId"] == new


def test_ids_and_creation_dates_are_the_same_with_and_without_a_lag(
    bench: Bench, iam: Any, role: str
) -> None:
    policy = iam.create_policy(PolicyName=role, PolicyDocument=json.dumps(PERMISSIONS))["Policy"]
    try:
        at_once = iam.get_role(RoleName=role)["Role"]
        bench.control.settings(lag=0.001)
        later = iam.get_role(RoleName=role)["Role"]
        assert (later["RoleId"], later["CreateDate"]) == (at_once["RoleId"], at_once["CreateDate"])
        found = iam.get_policy(PolicyArn=policy["Arn"])["Policy"]
        assert (found["PolicyId"], found["CreateDate"]) == (policy["PolicyId"], policy["CreateDate"])
        # Moto shows when the role was last used, and makes it up.
        at_once.pop("RoleLastUsed", None)
        later.pop("RoleLastUsed", None)
        assert later == at_once
    finally:
        iam.delete_policy(PolicyArn=policy["Arn"])


def test_a_thing_that_is_named_by_its_id_is_found(bench: Bench, iam: Any) -> None:
    user = f"late-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=user)
    keys = [iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"] for _ in range(2)]
    iam.delete_access_key(UserName=user, AccessKeyId=keys[0])
    bench.control.settings(lag=0.001)
    listed = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    assert [key["AccessKeyId"] for key in listed] == [keys[1]]
    assert iam.get_access_key_last_used(AccessKeyId=keys[1])["UserName"] == user
    iam.delete_access_key(UserName=user, AccessKeyId=keys[1])
    iam.delete_user(UserName=user)
