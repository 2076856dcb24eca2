# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both sides are proven to be one cluster, in the account that the context names, before any write."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from unit.fakes.examples import ACCOUNT
from unit.fakes.starts import PLAIN
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.account import RoleHome

ELSEWHERE = frozenset({b"another ca"})


def test_the_same_certificate_authority_proves_it_without_another_call(world: World) -> None:
    world.create(PLAIN)
    assert "get openid-configuration" not in world.wire.names()


@pytest.mark.parametrize(
    "verified",
    [
        pytest.param(ELSEWHERE, id="another"),
        pytest.param(frozenset(), id="unverified"),
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
        pytest.param("https://other.example", "its issuer is https://other.example", id="another-issuer"),
        pytest.param(None, "it has a different certificate authority", id="issuer-unseen"),
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
        "context demo (https://demo.example) is not EKS cluster"
        f" arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/demo: {says}"
    )
    assert world.wire.writes == []


def test_two_clusters_are_told_before_what_the_role_lacks(world: World) -> None:
    world.kubernetes.connection.verified_ca = ELSEWHERE
    world.kubernetes.issuer_url = None
    world.account.providers.clear()
    assert "is not EKS cluster" in str(world.refusal(PLAIN))


OLD, NEW, COMPANY = b"old", b"new", b"company"


def pem(*names: bytes) -> bytes:
    frame = b"-----BEGIN CERTIFICATE-----\n%s-----END CERTIFICATE-----\n"
    return b"".join(frame % base64.encodebytes(name) for name in names)


ROTATIONS = [
    # what the connection trusts, what DescribeCluster names, who has signed; and what is asked to prove it
    pytest.param([OLD], [OLD, NEW], OLD, [], id="the kubeconfig is of before"),
    pytest.param([NEW], [OLD, NEW], NEW, [], id="the kubeconfig has the new one alone"),
    pytest.param([NEW, OLD], [OLD, NEW, OLD], OLD, [], id="both have both"),
    pytest.param([OLD, NEW], [NEW], NEW, ["handshake"], id="the old one is gone"),
    pytest.param([OLD, COMPANY], [OLD], OLD, ["handshake"], id="a company's CA besides"),
    pytest.param(
        [OLD, COMPANY],
        [OLD],
        COMPANY,
        ["handshake", "get openid-configuration"],
        id="signed by the company's CA",
    ),
    pytest.param(
        [OLD, NEW], [NEW], OLD, ["handshake", "get openid-configuration"], id="signed by the one that is gone"
    ),
    pytest.param([], [OLD], OLD, ["get openid-configuration"], id="unverified"),
    pytest.param([OLD], [], OLD, ["get openid-configuration"], id="DescribeCluster names none"),
    pytest.param([OLD], [NEW], OLD, ["get openid-configuration"], id="nothing in common"),
]


@pytest.mark.parametrize(("trusted", "named", "signed_by", "asked"), ROTATIONS)
def test_while_the_certificate_authority_is_rotated(
    world: World, trusted: list[bytes], named: list[bytes], signed_by: bytes, asked: list[str]
) -> None:
    world.kubernetes.connection.verified_ca = frozenset(trusted)
    world.kubernetes.signed_by = signed_by
    world.source.described = replace(world.source.described, ca=pem(*named))
    world.create(PLAIN)
    proofs = ("handshake", "get openid-configuration")
    assert [name for name in world.wire.names() if name in proofs] == asked


@pytest.mark.parametrize(
    ("trusted", "named", "why"),
    [
        pytest.param([], [OLD], "its certificate authority is not verified", id="unverified"),
        pytest.param([OLD], [], "EKS provides no certificate authority", id="DescribeCluster names none"),
    ],
)
def test_what_cannot_be_proven_is_not_told_as_known(
    world: World, trusted: list[bytes], named: list[bytes], why: str
) -> None:
    world.kubernetes.connection.verified_ca = frozenset(trusted)
    world.kubernetes.issuer_url = None
    world.source.described = replace(world.source.described, ca=pem(*named))
    problem = world.refusal(PLAIN).problem
    assert "could not be verified to be EKS cluster" in problem
    assert why in problem


def test_an_overlap_of_bundles_alone_proves_nothing(world: World) -> None:
    world.kubernetes.connection.verified_ca = frozenset({OLD, COMPANY})
    world.kubernetes.signed_by = COMPANY
    world.kubernetes.issuer_url = None
    world.source.described = replace(world.source.described, ca=pem(OLD))
    assert isinstance(world.refusal(PLAIN), Refused)
    assert world.wire.writes == []


@pytest.mark.parametrize(
    "text",
    [
        b"# old\r\n" + pem(OLD).replace(b"\n", b"\r\n") + b"\xff\r\n# new\r\n" + pem(NEW) + pem(OLD),
        pem(NEW, OLD).strip(),
    ],
    ids=["comments, duplicates and line ends", "in another order"],
)
def test_certificates_are_compared_and_not_text(world: World, text: bytes) -> None:
    world.kubernetes.connection.verified_ca = frozenset({OLD, NEW})
    world.source.described = replace(world.source.described, ca=text)
    world.create(PLAIN)
    assert not {"handshake", "get openid-configuration"} & set(world.wire.names())


def test_reached_by_what_describe_cluster_says_there_is_nothing_to_prove(world: World) -> None:
    world.by_name_only = True
    world.kubernetes.connection.verified_ca = ELSEWHERE
    world.create(PLAIN)
    assert "get openid-configuration" not in world.wire.names()


def test_a_context_of_another_account_is_refused_with_both_accounts(world: World) -> None:
    world.context_account = "999999999999"

    error = world.refusal(PLAIN)

    assert str(error).startswith(
        "context demo names account 999999999999, but with these AWS credentials cluster demo is in account"
        f" {ACCOUNT}"
    )
    assert world.wire.writes == []


def test_a_context_of_the_same_account_is_taken(world: World) -> None:
    world.context_account = ACCOUNT
    assert world.create(PLAIN).changed


def test_account_and_partition_are_the_clusters(world: World) -> None:
    world.source.described = replace(world.source.described, home=RoleHome("aws-cn", ACCOUNT))
    error = world.refusal(PLAIN)
    assert "is not in the cluster's account 123456789012 in partition aws-cn" in str(error)


def test_the_same_proof_holds_for_a_dry_run(world: World) -> None:
    world.kubernetes.connection.verified_ca = ELSEWHERE
    world.kubernetes.issuer_url = None
    assert isinstance(world.refusal(PLAIN, "client"), Refused)
