# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the ServiceAccounts of one run have in common is asked for once, however many they are."""

from __future__ import annotations

from typing import Any

from unit.fakes.examples import READ_S3, desired
from unit.fakes.world import Told, World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import NotFound
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.batch import BatchItem, Result, run_batch
from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import Outcome
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import PolicyName, PolicyReference

NAMESPACES = "get namespace"


def run(world: World, *policies: PolicyReference, namespace: str = "web", **options: Any) -> list[Result]:
    """Twelve new ServiceAccounts with these policies."""
    subjects = [Subject(namespace, f"app-{number:02}") for number in range(12)]
    jobs = [BatchItem(desired(*policies, subject=subject, **options), Told()) for subject in subjects]
    return list(run_batch(jobs, world.access()))


def test_a_policy_is_looked_up_once(world: World) -> None:
    results = run(world, PolicyName("ReadS3"))
    assert [one.attached for one in results if isinstance(one, Outcome)] == [{READ_S3.arn: READ_S3.name}] * 12
    # One for each place where a policy of that name may lie.
    assert len(world.wire.names("iam:GetPolicy")) == 4


def test_a_policy_that_is_not_there_fails_each_of_them_after_one_look(world: World) -> None:
    results = run(world, PolicyName("ReadS4"))
    assert [type(one) for one in results] == [NotFound] * 12
    assert len(world.wire.names("iam:GetPolicy")) == 4
    assert len(world.wire.names("iam:ListPolicies")) == 1


def test_a_namespace_that_is_there_is_looked_at_once(world: World) -> None:
    run(world)
    assert len(world.wire.names(NAMESPACES)) == 1


def test_a_namespace_that_the_run_makes_is_seen_by_those_that_follow(world: World) -> None:
    results = run(world, namespace="new", create_namespace=True)
    assert [type(one) for one in results] == [Outcome] * 12
