# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which policy a name or an ARN means, and what it costs to find out."""

from __future__ import annotations

from typing import Any, cast

import pytest
from unit.fakes.account import InMemoryAccount
from unit.fakes.examples import ACCOUNT, HOME, READ_S3, READ_SQS, by_arn, inline
from unit.fakes.iam import InMemoryIam
from unit.fakes.wire import LONG_ENOUGH, Wire

from ansible_collections.iamsa.eks.plugins.module_utils.concurrency import Answers
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidFile, NotFound, Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.arn import Arn
from ansible_collections.iamsa.eks.plugins.module_utils.observe.policy_lookup import PolicyLookup
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import (
    InlinePolicy,
    ManagedPolicy,
    PolicyArn,
    PolicyName,
    PolicyReference,
    ResolvedPolicy,
)

AWS_S3 = ManagedPolicy("AmazonS3ReadOnlyAccess", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
AWS_LAMBDA = ManagedPolicy("AWSLambdaRole", "arn:aws:iam::aws:policy/service-role/AWSLambdaRole")
AWS_VIEW = ManagedPolicy("ViewOnlyAccess", "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess")
DEEP = ManagedPolicy("Deep", f"arn:aws:iam::{ACCOUNT}:policy/team/a/Deep")
SAME_DEEP = ManagedPolicy("Deep", f"arn:aws:iam::{ACCOUNT}:policy/team/b/Deep")
OWN_S3 = ManagedPolicy("AmazonS3ReadOnlyAccess", f"arn:aws:iam::{ACCOUNT}:policy/AmazonS3ReadOnlyAccess")


@pytest.fixture
def iam() -> InMemoryIam:
    """With one policy of each kind, and 1,500 that nobody means."""
    account = InMemoryAccount()
    account.add(AWS_S3, AWS_LAMBDA, AWS_VIEW, READ_S3, READ_SQS, DEEP)
    account.policies.update({f"arn:aws:iam::aws:policy/Other{n}": f"Other{n}" for n in range(1500)})
    return InMemoryIam(Wire(), account)


def resolved(
    iam: InMemoryIam, *references: PolicyReference, attached: tuple[ManagedPolicy, ...] = ()
) -> tuple[ResolvedPolicy, ...]:
    adapter: Any = iam
    there = {policy.arn: policy.name for policy in attached}
    return PolicyLookup(adapter, HOME, there, Deadline(10), Answers()).resolve(references)


@pytest.mark.parametrize(
    "policy",
    [
        pytest.param(AWS_S3, id="of-aws"),
        pytest.param(AWS_LAMBDA, id="of-aws-service-role"),
        pytest.param(AWS_VIEW, id="of-aws-job-function"),
        pytest.param(READ_S3, id="of-the-account"),
        pytest.param(DEEP, id="of-the-account-under-a-path"),
    ],
)
def test_a_name_is_found_wherever_it_lies(iam: InMemoryIam, policy: ManagedPolicy) -> None:
    assert resolved(iam, PolicyName(policy.name)) == (policy,)


@pytest.mark.parametrize("name", ["AmazonS3ReadOnlyAccess", "ReadS3"])
def test_a_name_at_a_usual_place_costs_one_call_for_each_place(iam: InMemoryIam, name: str) -> None:
    resolved(iam, PolicyName(name))
    assert iam.wire.names() == ["iam:GetPolicy"] * 4


def test_only_a_name_that_is_nowhere_else_lists_the_accounts_own_policies(iam: InMemoryIam) -> None:
    resolved(iam, PolicyName("Deep"))
    assert iam.wire.names() == [*["iam:GetPolicy"] * 4, "iam:ListPolicies"]


def test_an_arn_costs_one_call(iam: InMemoryIam) -> None:
    assert resolved(iam, by_arn(DEEP)) == (DEEP,)
    assert iam.wire.names() == ["iam:GetPolicy"]


@pytest.mark.parametrize("reference", [PolicyName("ReadS3"), by_arn(READ_S3)], ids=["name", "arn"])
def test_what_is_attached_costs_no_call(iam: InMemoryIam, reference: PolicyReference) -> None:
    assert resolved(iam, reference, attached=(READ_S3,)) == (READ_S3,)
    assert iam.wire.calls == []


def test_a_file_costs_no_call(iam: InMemoryIam) -> None:
    assert resolved(iam, inline()) == (inline(),)
    assert iam.wire.calls == []


def test_the_same_policy_by_name_and_by_arn_counts_once(iam: InMemoryIam) -> None:
    assert resolved(iam, PolicyName("ReadS3"), by_arn(READ_S3)) == (READ_S3,)


def test_policies_come_in_the_order_in_which_they_were_asked_for(iam: InMemoryIam) -> None:
    assert resolved(iam, by_arn(READ_SQS), inline(), by_arn(READ_S3)) == (READ_SQS, inline(), READ_S3)


def test_names_are_looked_up_side_by_side(iam: InMemoryIam) -> None:
    iam.wire.latency = LONG_ENOUGH
    resolved(iam, PolicyName("ReadS3"), PolicyName("ReadSQS"), by_arn(DEEP))
    assert iam.wire.longest_chain() == 1


@pytest.mark.parametrize("attached", [(), (OWN_S3, AWS_S3)], ids=["looked-up", "both-attached"])
def test_a_name_that_aws_has_means_the_policy_of_aws(
    iam: InMemoryIam, attached: tuple[ManagedPolicy, ...]
) -> None:
    iam.account.add(OWN_S3)
    (found,) = resolved(iam, PolicyName("AmazonS3ReadOnlyAccess"), attached=attached)
    assert (found, cast("ManagedPolicy", found).namesake) == (AWS_S3, OWN_S3.arn)


@pytest.mark.parametrize(
    ("more", "attached", "name"),
    [
        pytest.param((SAME_DEEP,), (), "Deep", id="two-own"),
        pytest.param((SAME_DEEP,), (DEEP, SAME_DEEP), "Deep", id="two-attached"),
    ],
)
def test_an_ambiguous_name_is_refused_with_every_arn(
    iam: InMemoryIam, more: tuple[ManagedPolicy, ...], attached: tuple[ManagedPolicy, ...], name: str
) -> None:
    iam.account.add(*more)

    with pytest.raises(Refused) as caught:
        resolved(iam, PolicyName(name), attached=attached)

    arns = [arn for arn, named in iam.account.policies.items() if named == name]
    assert len(arns) == 2
    assert all(arn in str(caught.value) for arn in arns)
    assert str(caught.value).endswith("specify the ARN of one of them")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param("ReadS3,ReadSQS", "specify each policy separately", id="a-list"),
        pytest.param("AmazonS3ReadOnlyAcces", "did you mean AmazonS3ReadOnlyAccess", id="of-aws"),
        pytest.param("reads3", "did you mean ReadS3", id="of-the-account-in-other-case"),
        pytest.param("zzz", "specify its ARN, or a file for an inline policy", id="like-nothing"),
    ],
)
def test_an_unknown_name_is_refused_with_what_is_near(iam: InMemoryIam, name: str, hint: str) -> None:
    with pytest.raises(NotFound, match=f"^there is no managed policy named {name}; {hint}"):
        resolved(iam, PolicyName(name))


def test_an_unknown_arn_is_refused_with_what_is_near(iam: InMemoryIam) -> None:
    arn = Arn.parse("arn:aws:iam::aws:policy/AmazonS3ReadOnly")
    assert arn
    with pytest.raises(NotFound, match=f"^<policy> {arn} does not exist; did you mean AmazonS3ReadOnly"):
        resolved(iam, PolicyArn(arn))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("arn:aws:iam::999999999999:policy/ReadS3", id="another-account"),
        pytest.param(f"arn:aws-cn:iam::{ACCOUNT}:policy/ReadS3", id="another-partition"),
        pytest.param("arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess", id="of-aws-in-another-partition"),
    ],
)
def test_a_policy_that_cannot_be_attached_here_is_refused_without_a_call(iam: InMemoryIam, text: str) -> None:
    arn = Arn.parse(text)
    assert arn
    with pytest.raises(Refused, match=f"is not in the cluster's account {ACCOUNT} in partition aws;"):
        resolved(iam, PolicyArn(arn))
    assert iam.wire.calls == []


@pytest.mark.parametrize(
    ("arn", "refused"), [("arn:aws-cn:s3:::b", True), ("arn:*:s3:::b", False), ("*", False)]
)
def test_a_file_with_a_resource_of_another_partition_is_refused(
    iam: InMemoryIam, arn: str, refused: bool
) -> None:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::a", arn]}
    policy = InlinePolicy("reader", {"Version": "2012-10-17", "Statement": statement}, "./reader.json")
    if not refused:
        assert resolved(iam, policy) == (policy,)
        return
    with pytest.raises(
        InvalidFile, match=r'"\./reader\.json" has the resource "arn:aws-cn:s3:::b" of the partition'
    ):
        resolved(iam, policy)
