"""The gate's lag: who is behind, who is not, and by how much."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from gate.bench import ACCOUNT, PROVIDER, Bench, refusal, trust, wait_for
from gate.roles import create, is_there, put

DENIED = ("AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithWebIdentity")
LONG = 600.0
"""Seconds: longer ago than anything that these tests do."""


@pytest.fixture
def iam(bench: Bench) -> Any:
    """A client of IAM; the gate has no lag yet."""
    return bench.aws("iam")


@pytest.fixture
def name(bench: Bench, iam: Any) -> Iterator[str]:
    """The name of a role that the test makes, and that is gone afterwards."""
    name = f"late-{uuid.uuid4().hex[:8]}"
    yield name
    bench.control.settings(lag=0.0)
    if is_there(iam, name):
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
        iam.delete_role(RoleName=name)


def assume(bench: Bench, role: str, **claims: Any) -> Any:
    return bench.aws("sts").assume_role_with_web_identity(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{role}",
        RoleSessionName="test",
        WebIdentityToken=bench.token(**claims),
    )


def test_a_write_is_seen_when_it_is_as_old_as_the_lag(bench: Bench, iam: Any, name: str) -> None:
    bench.control.settings(lag=1.0)
    create(iam, name)
    made = time.monotonic()
    wait_for(lambda: is_there(iam, name))
    assert 0.9 < time.monotonic() - made < 9.0


def test_a_new_role_is_assumable_when_it_is_as_old_as_the_lag(bench: Bench, iam: Any, name: str) -> None:
    bench.control.settings(lag=LONG)
    create(iam, name)
    assert refusal(lambda: assume(bench, name)) == DENIED
    bench.control.settings(lag=0.001)
    assert assume(bench, name)["Credentials"]


def test_a_trust_policy_is_in_force_when_it_is_as_old_as_the_lag(bench: Bench, iam: Any, name: str) -> None:
    bench.control.settings(lag=2.0)
    create(iam, name)
    wait_for(lambda: is_there(iam, name))
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust(Effect="Deny"))
    assert assume(bench, name)["Credentials"]
    bench.control.settings(lag=0.001)
    assert refusal(lambda: assume(bench, name)) == DENIED


def test_a_deleted_role_is_assumable_until_that_is_as_old_as_the_lag(
    bench: Bench, iam: Any, name: str
) -> None:
    bench.control.settings(lag=2.0)
    role_id = create(iam, name)["RoleId"]
    wait_for(lambda: is_there(iam, name))
    iam.delete_role(RoleName=name)
    assert assume(bench, name)["AssumedRoleUser"]["AssumedRoleId"] == f"{role_id}:test"
    bench.control.settings(lag=0.001)
    assert refusal(lambda: assume(bench, name)) == DENIED


def test_an_audience_of_the_provider_counts_when_it_is_as_old_as_the_lag(
    bench: Bench, iam: Any, name: str
) -> None:
    create(iam, name, AssumeRolePolicyDocument=trust(Condition=None))
    which = {"OpenIDConnectProviderArn": PROVIDER, "ClientID": "vault"}
    bench.control.settings(lag=2.0)
    wait_for(lambda: is_there(iam, name))
    iam.add_client_id_to_open_id_connect_provider(**which)
    try:
        told = refusal(lambda: assume(bench, name, aud=["vault"]))
        assert told == ("InvalidIdentityToken", 400, "Incorrect token audience")
        bench.control.settings(lag=0.001)
        assert assume(bench, name, aud=["vault"])["Audience"] == "vault"
    finally:
        iam.remove_client_id_from_open_id_connect_provider(**which)


def test_writes_are_judged_by_the_present(bench: Bench, iam: Any, name: str) -> None:
    bench.control.settings(lag=LONG)
    create(iam, name)
    assert refusal(lambda: create(iam, name))[0] == "EntityAlreadyExists"
    put(iam, name, "inline")
    assert refusal(lambda: iam.delete_role(RoleName=name))[0] == "DeleteConflict"
    iam.delete_role_policy(RoleName=name, PolicyName="inline")
    iam.delete_role(RoleName=name)
    assert refusal(lambda: put(iam, name, "inline"))[0] == "NoSuchEntity"


def test_reads_of_what_is_not_there_yet_are_refused_in_iams_words(bench: Bench, iam: Any, name: str) -> None:
    bench.control.settings(lag=LONG)
    create(iam, name)
    told = refusal(lambda: iam.get_role(RoleName=name))
    assert told == ("NoSuchEntity", 404, f"The role with name {name} cannot be found.")


def test_sts_and_eks_are_never_behind(bench: Bench) -> None:
    bench.control.settings(lag=LONG, clusters={"new": {}})
    assert bench.aws("eks").list_clusters()["clusters"] == ["demo", "new"]
    assert bench.aws("sts").get_caller_identity()["Account"] == ACCOUNT


def test_what_the_account_began_with_is_always_there(bench: Bench, iam: Any) -> None:
    bench.control.settings(lag=LONG)
    found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER)
    assert found["ClientIDList"] == ["sts.amazonaws.com"]
    name = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    assert iam.get_policy(PolicyArn=name)["Policy"]["Arn"] == name


def test_a_write_that_a_fault_kept_from_iam_is_never_seen(bench: Bench, iam: Any, name: str) -> None:
    bench.control.settings(lag=0.001)
    bench.control.fault("aws", "iam:CreateRole", {"error": "Throttling"})
    assert refusal(lambda: create(iam, name))[0] == "Throttling"
    assert not is_there(iam, name)


def test_a_write_whose_answer_was_lost_is_seen(bench: Bench, iam: Any, name: str) -> None:
    bench.control.settings(lag=0.001)
    bench.control.fault("aws", "iam:CreateRole", {"drop": "after"})
    with pytest.raises(Exception, match="Connection was closed"):
        create(iam, name)
    assert is_there(iam, name)


def test_a_refused_write_is_none(bench: Bench, iam: Any, name: str) -> None:
    create(iam, name)
    put(iam, name, "inline")
    refusal(lambda: iam.delete_role(RoleName=name))
    bench.control.settings(lag=0.001)
    assert is_there(iam, name)


@pytest.mark.parametrize("lag", [0.0, 0.3])
def test_a_provider_is_there_all_the_while_its_audiences_change(bench: Bench, iam: Any, lag: float) -> None:
    bench.control.settings(lag=lag)
    which = {"OpenIDConnectProviderArn": PROVIDER, "ClientID": "vault"}
    lists: list[list[str]] = []
    over = threading.Event()

    def watch() -> None:
        watching = bench.aws("iam")
        while not over.is_set():
            try:
                found = watching.get_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER)
                lists.append(sorted(found["ClientIDList"]))
            except ClientError as error:
                lists.append([str(error)])

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(10):
        iam.add_client_id_to_open_id_connect_provider(**which)
        iam.remove_client_id_from_open_id_connect_provider(**which)
    time.sleep(0.5)
    over.set()
    watcher.join(10)
    without, complete = ["sts.amazonaws.com"], ["sts.amazonaws.com", "vault"]
    assert {tuple(one) for one in lists} == {tuple(without), tuple(complete)}
