# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many calls a run makes, which ones, and how many of them have to follow one another."""

from __future__ import annotations

import pytest
from unit.fakes.examples import (
    ACCOUNT,
    READ_S3,
    READ_SQS,
    ROLE_NAME,
    desired,
    document,
    inline,
    our_role,
    recorded,
    service_account,
)
from unit.fakes.starts import MANY, MINE, PLAIN, S3, ready
from unit.fakes.wire import LONG_ENOUGH, raises
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied
from ansible_collections.iamsa.eks.plugins.module_utils.identity.arn import Arn
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Desired
from ansible_collections.iamsa.eks.plugins.module_utils.policy.attached_by_us import (
    managed_digest,
    read_record,
)
from ansible_collections.iamsa.eks.plugins.module_utils.policy.limits import Quotas
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import PolicyArn, PolicyName

ONE_POLICY = [
    pytest.param(PLAIN, id="arn"),
    pytest.param(desired(PolicyName("ReadS3")), id="name"),
    pytest.param(desired(S3, inline()), id="file"),
]


@pytest.fixture
def settled(world: World, request: pytest.FixtureRequest) -> World:
    """All that is asked for is there: a managed policy, and with it a file where that is asked for."""
    ready(world)
    if "file" in request.node.name:
        world.account.put(recorded(our_role(), READ_S3, inline()), READ_S3, reader=document())
    else:
        world.account.put(recorded(our_role(), READ_S3), READ_S3, another=document())
    return world


@pytest.mark.parametrize("wanted", ONE_POLICY)
def test_a_run_with_nothing_to_do_makes_at_most_six_calls_to_aws_and_three_to_kubernetes(
    settled: World, wanted: Desired
) -> None:
    settled.create(wanted)

    aws = [name for name in settled.wire.names() if name.startswith(("iam:", "eks:"))]
    assert len(aws) <= 6
    assert len(settled.wire.calls) - len(aws) <= 3


@pytest.mark.parametrize("wanted", ONE_POLICY)
def test_a_run_with_nothing_to_do_waits_for_two_calls_one_after_the_other(
    settled: World, wanted: Desired
) -> None:
    settled.wire.latency = LONG_ENOUGH
    settled.create(wanted)
    assert settled.wire.longest_chain() == 2


def test_a_proof_by_the_issuer_does_not_lengthen_the_chain(settled: World) -> None:
    settled.kubernetes.connection.verified_ca = frozenset()
    settled.wire.latency = LONG_ENOUGH
    settled.create(PLAIN)
    assert settled.wire.longest_chain() == 2


def test_reached_by_name_a_run_with_nothing_to_do_reads_the_named_role_after_the_guess(
    settled: World,
) -> None:
    settled.by_name_only = True
    settled.wire.latency = LONG_ENOUGH
    settled.create(PLAIN)
    assert settled.wire.longest_chain() == 3


def test_reached_by_name_a_role_of_the_derived_name_is_read_beside_the_service_account(world: World) -> None:
    world.create(PLAIN)
    world.wire.forget()
    world.by_name_only = True
    world.wire.latency = LONG_ENOUGH

    world.create(PLAIN)

    assert world.wire.longest_chain() == 2


def test_the_namespace_is_read_only_where_the_service_account_is_missing(settled: World) -> None:
    settled.create(PLAIN)
    assert "get namespace" not in settled.wire.names()


def test_pods_are_listed_only_after_the_annotation_changed(settled: World) -> None:
    settled.account.attached[ROLE_NAME].clear()
    settled.create(PLAIN)
    assert "list pods" not in settled.wire.names()


def test_inline_names_are_listed_only_to_purge(settled: World) -> None:
    settled.create(PLAIN)
    assert "iam:ListRolePolicies" not in settled.wire.names()


def test_inline_names_are_listed_where_the_record_has_a_policy_that_was_not_seen(world: World) -> None:
    ready(world)
    world.account.put(recorded(our_role(), READ_S3, inline()), READ_S3, reader=document())
    world.create(PLAIN)
    assert world.wire.names().count("iam:ListRolePolicies") == 1
    assert world.wire.writes == []


def test_a_policy_that_is_recorded_and_gone_is_forgotten_by_any_run(world: World) -> None:
    ready(world)
    world.account.put(recorded(our_role(), READ_S3, READ_SQS, inline()), READ_S3)
    world.create(PLAIN)
    assert world.wire.writes == ["iam:UntagRole"]
    assert read_record(world.role.tags) == {managed_digest(READ_S3.arn)}


def test_names_that_may_not_be_read_leave_the_record_as_it_is(world: World) -> None:
    ready(world)
    world.account.put(recorded(our_role(), READ_S3, inline()), READ_S3)
    world.wire.on("iam:ListRolePolicies", raises(Denied("no", action="iam:ListRolePolicies")))
    world.create(PLAIN)
    assert world.wire.writes == []


def test_a_boundary_that_is_set_already_is_not_looked_up(world: World) -> None:
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/b"
    wanted = desired(S3, permissions_boundary=boundary)
    world.account.put(recorded(our_role(wanted), READ_S3), READ_S3)
    world.kubernetes.put(service_account(managers=MINE))
    world.create(wanted)
    assert "iam:GetPolicy" not in world.wire.names()


def test_a_boundary_that_does_not_exist_is_found_out_before_any_write(world: World) -> None:
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/b"
    error = world.refusal(desired(S3, permissions_boundary=boundary))
    assert str(error).startswith(f"<permissions_boundary> {boundary} does not exist")
    assert world.wire.writes == []


@pytest.mark.parametrize(
    ("count", "calls"), [pytest.param(9, 0, id="within-the-default"), pytest.param(10, 1, id="beyond")]
)
def test_the_quota_is_read_only_where_the_default_would_be_passed(
    settled: World, count: int, calls: int
) -> None:
    settled.account.quotas_read = settled.account.quotas_kept = Quotas(attachments=20)
    settled.account.add(*MANY)
    policies = [PolicyArn(arn) for policy in MANY[:count] if (arn := Arn.parse(policy.arn))]
    settled.create(desired(*policies))
    assert len(settled.wire.names("iam:GetAccountSummary")) == calls


def test_a_quota_that_may_not_be_read_is_left_to_aws(settled: World) -> None:
    settled.account.quotas_read, settled.account.quotas_kept = None, Quotas(attachments=11)
    settled.account.add(*MANY)
    policies = [PolicyArn(arn) for policy in MANY if (arn := Arn.parse(policy.arn))]
    settled.create(desired(*policies))
    assert len(settled.account.attached[ROLE_NAME]) == 11


def test_the_role_that_the_annotation_names_is_read_at_once(settled: World) -> None:
    assert settled.annotations[ANNOTATION_ROLE_ARN].endswith(ROLE_NAME)
    settled.create(PLAIN)
    assert [call.about for call in settled.wire.calls if call.name == "iam:GetRole"] == [ROLE_NAME]


def test_a_first_run_waits_for_six_calls_one_after_the_other(world: World) -> None:
    """The cluster, the role with its policies and the rehearsal, the role made, its policy, the
    ServiceAccount, and the look whether IAM shows it."""
    world.wire.latency = LONG_ENOUGH
    world.create(PLAIN)
    assert world.wire.longest_chain() == 6


def test_a_policy_that_was_looked_up_in_vain_counts_as_attached(world: World) -> None:
    world.account.put(recorded(our_role(), READ_S3), READ_S3)
    world.create(desired(S3, name=ROLE_NAME))
    assert world.wire.writes == ["create serviceaccount"]


def test_a_policy_that_does_not_exist_is_told_of_a_role_that_is_not_there_either(world: World) -> None:
    error = world.refusal(desired(PolicyName("ReadS4")))
    assert str(error).startswith("there is no managed policy named ReadS4")
