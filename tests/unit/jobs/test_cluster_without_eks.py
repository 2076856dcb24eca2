# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole runs in a cluster that EKS does not run: its issuer is all that tells it from others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from unit.fakes.examples import ACCOUNT, AUDIENCE, HOME, SUBJECT, delete_request, desired
from unit.fakes.sources import ApiServerSource
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import problems
from ansible_collections.iamsa.eks.plugins.module_utils.documents.description import description_document
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.describe import describe
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.inventory import inventory
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verify import verify
from ansible_collections.iamsa.eks.plugins.module_utils.observe.batch import batch_access
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import PolicyName

ISSUER = "https://cluster.example/issuer"
WANTED = desired(PolicyName("ReadS3"))


@pytest.fixture
def kind(world: World) -> Iterator[World]:
    """With its provider; no run may ask EKS for anything."""
    world.kubernetes.issuer_url = ISSUER
    world.account.providers[HOME.provider_arn(ISSUER)] = (AUDIENCE,)
    world.source, world.pod_identity = ApiServerSource(world.wire, world.kubernetes), None
    yield world
    assert world.wire.names("eks:") == []


def test_a_role_is_created_for_the_clusters_issuer(kind: World) -> None:
    outcome = kind.create(WANTED)
    (statement,) = kind.role.trust["Statement"]
    assert statement["Principal"] == {"Federated": HOME.provider_arn(ISSUER)}
    assert outcome.facts.cluster.id == ISSUER
    assert kind.create(WANTED).changed is False


def test_many_share_what_is_read_of_it(kind: World) -> None:
    access = batch_access(kind.access())
    assert access.known
    assert (access.known.cluster.issuer, access.known.home.account) == (ISSUER, ACCOUNT)


def test_describe_finds_nothing_wrong(kind: World) -> None:
    kind.create(WANTED)
    chain = describe(WANTED, kind.access())
    assert problems(chain) == ()
    cluster = description_document(chain, ())["status"]["cluster"]
    assert (cluster["arn"], cluster["issuer"]) == (None, ISSUER)


def test_list_shows_the_role(kind: World) -> None:
    kind.create(WANTED)
    (item,) = inventory(kind.access(), "web").items
    assert (item.service_account.subject, item.status.state) == (SUBJECT, "ok")


def test_verify_assumes_the_role(kind: World) -> None:
    kind.create(WANTED)
    assert verify(SUBJECT, kind.access()).is_assumable


def test_delete_takes_the_role(kind: World) -> None:
    kind.create(WANTED)
    kind.delete(delete_request())
    assert kind.account.roles == {}


def test_a_context_of_another_account_is_refused(kind: World) -> None:
    kind.context_account = "999999999999"
    error = kind.refusal(WANTED)
    assert isinstance(error, Refused)
    assert error.problem.endswith(f"with these AWS credentials cluster context kind is in account {ACCOUNT}")


def test_an_api_server_of_another_issuer_is_refused(kind: World) -> None:
    described = kind.source.describe()
    kind.source.describe = lambda: described  # type: ignore[method-assign]
    kind.kubernetes.issuer_url = "https://other.example"
    kind.kubernetes.connection.verified_ca = frozenset({b"another"})
    error = kind.refusal(WANTED)
    assert "is not cluster cluster.example/issuer: its issuer is" in error.problem
