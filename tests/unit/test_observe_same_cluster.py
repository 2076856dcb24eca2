# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both sides are proven to be one cluster, in the account that the context names, before any write."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit.fakes.examples import ACCOUNT
from unit.fakes.starts import PLAIN
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused, RemoteError

ELSEWHERE = frozenset({b"another ca"})


def test_the_same_certificate_authority_proves_it_without_another_call(world: World) -> None:
    world.create(PLAIN)
    assert "get openid-configuration" not in world.wire.names()


@pytest.mark.parametrize(
    "verified",
    [
        pytest.param(ELSEWHERE, id="another"),
        pytest.param(frozenset(), id="unverified"),
        pytest.param(frozenset({b"ca", b"another ca"}), id="one-of-two"),
    ],
)
def test_behind_another_certificate_authority_the_issuer_proves_it(
    world: World, verified: frozenset[bytes]
) -> None:
    world.kubernetes.connection.verified_ca = verified
    world.create(PLAIN)
    assert "get openid-configuration" in world.wire.names()


@pytest.mark.parametrize(
    ("issuer", "says"),
    [
        pytest.param(
            "https://other.example", "it has another issuer, https://other.example", id="another-issuer"
        ),
        pytest.param(None, "it has another certificate authority", id="issuer-unseen"),
    ],
)
def test_two_clusters_are_refused_by_both_names_before_any_write(
    world: World, issuer: str | None, says: str
) -> None:
    world.kubernetes.connection.verified_ca = ELSEWHERE
    world.kubernetes.issuer_url = issuer

    error = world.refusal(PLAIN)

    assert isinstance(error, Refused)
    assert str(error).startswith(
        "context demo (https://demo.example) is not the EKS cluster"
        f" arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/demo: {says}"
    )
    assert world.wire.writes == []


def test_two_clusters_are_told_before_what_the_role_lacks(world: World) -> None:
    world.kubernetes.connection.verified_ca = ELSEWHERE
    world.kubernetes.issuer_url = None
    world.iam.providers.clear()
    assert "is not the EKS cluster" in str(world.refusal(PLAIN))


def test_reached_by_what_describe_cluster_says_there_is_nothing_to_prove(world: World) -> None:
    world.by_name_only = True
    world.kubernetes.connection.verified_ca = ELSEWHERE
    world.create(PLAIN)
    assert "get openid-configuration" not in world.wire.names()


def test_a_context_of_another_account_is_refused_with_both_accounts(world: World) -> None:
    world.account = "999999999999"

    error = world.refusal(PLAIN)

    assert str(error).startswith(
        "context demo names account 999999999999, but the AWS credentials found cluster demo in account"
        f" {ACCOUNT}"
    )
    assert world.wire.writes == []


def test_a_context_of_the_same_account_is_taken(world: World) -> None:
    world.account = ACCOUNT
    assert world.create(PLAIN).changed


def test_an_arn_that_is_none_is_an_error_of_the_service(world: World) -> None:
    world.eks.cluster = replace(world.eks.cluster, arn="demo")
    assert isinstance(world.refusal(PLAIN), RemoteError)


def test_account_and_partition_come_from_the_clusters_arn(world: World) -> None:
    arn = "arn:aws-cn:eks:cn-north-1:123456789012:cluster/demo"
    world.eks.cluster = replace(world.eks.cluster, arn=arn)
    error = world.refusal(PLAIN)
    assert "lies outside the cluster's account 123456789012 in partition aws-cn" in str(error)


def test_the_same_proof_holds_for_a_dry_run(world: World) -> None:
    world.kubernetes.connection.verified_ca = ELSEWHERE
    world.kubernetes.issuer_url = None
    assert isinstance(world.refusal(PLAIN, "client"), Refused)
