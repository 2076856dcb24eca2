# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proof of many ServiceAccounts, and at the end of a create, against an AWS and a cluster in memory."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit.fakes.examples import desired, service_account
from unit.fakes.proofs import NOT_YET, TOKENS, denies
from unit.fakes.wire import LONG_ENOUGH
from unit.fakes.world import Told, World

from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.batch import BatchItem, run_batch
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verified import verified
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verify import verify_many
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Binding
from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import Outcome
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Verification


class TestMany:
    @pytest.fixture
    def crowd(self, bound: World) -> World:
        """Twelve ServiceAccounts in two namespaces that name the role, and one that names none."""
        for number in range(11):
            subject = Subject("db" if number % 2 else "web", f"app-{number:02}")
            bound.kubernetes.put(replace(service_account(), subject=subject))
        bound.kubernetes.put(replace(service_account({}), subject=Subject("web", "plain")))
        return bound

    def test_those_that_name_a_role_are_proven_in_order(self, crowd: World) -> None:
        begun: list[int] = []
        done: list[Verification] = []
        found = verify_many(crowd.access(), None, begun=begun.append, done=done.append)
        subjects = [str(one.subject) for one in found.items]
        assert subjects == sorted(subjects)
        assert (len(subjects), begun, len(done)) == (12, [12], 12)
        assert "web/plain" not in subjects
        assert len(crowd.wire.names("eks:DescribeCluster")) == 1

    def test_of_one_namespace_only_its_own(self, crowd: World) -> None:
        found = verify_many(crowd.access(), "db")
        assert {one.subject.namespace for one in found.items} == {"db"}

    def test_one_that_cannot_be_looked_at_does_not_keep_the_others_from_it(self, crowd: World) -> None:
        crowd.wire.on(TOKENS, denies("create serviceaccounts/token"))
        verdicts = [one.verdict for one in verify_many(crowd.access(), None).items]
        assert (verdicts.count("yes"), verdicts.count("unknown")) == (11, 1)

    def test_eight_are_under_way_at_once(self, crowd: World) -> None:
        crowd.wire.latency = LONG_ENOUGH
        verify_many(crowd.access(), None)
        # DescribeCluster beside the list, then two rounds of a token and its use.
        assert crowd.wire.longest_chain() <= 1 + 2 * 2 + 1


class TestManyWaiting:
    def test_each_waits_by_itself(self, world: World) -> None:
        world.sts.refusals = [NOT_YET]
        desired_states = [desired(), replace(desired(), bindings=(Binding(Subject("web", "other")),))]
        jobs = [
            BatchItem(wanted, Told(), wait) for wanted, wait in zip(desired_states, (60.0, 0.0), strict=True)
        ]
        waited, other = run_batch(jobs, world.access())
        assert isinstance(waited, Outcome)
        assert isinstance(other, Outcome)
        assert waited.verification
        assert (waited.verification.verdict, waited.verification.attempts) == ("yes", 2)
        assert other.verification is None
        assert len(world.wire.names("eks:DescribeCluster")) == 1

    def test_a_dry_run_does_not(self, world: World) -> None:
        (outcome,) = run_batch([BatchItem(desired(), Told(), 60.0)], world.access(), dry_run="client")
        assert isinstance(outcome, Outcome)
        assert outcome.verification is None


def test_after_a_create_the_cluster_is_not_read_again(world: World) -> None:
    outcome = world.create(desired())
    world.wire.forget()
    proven = verified(outcome, world.access(), 60.0)
    assert proven.verification
    assert proven.verification.verdict == "yes"
    assert world.wire.names("eks:") == []
    assert replace(proven, verification=None) == outcome
