# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A role that EKS Pod Identity uses too: no verb takes that away, nor advises what would; against an AWS and
a cluster in memory."""

from __future__ import annotations

from typing import Any

import pytest
from kubectl_iamsa.spelling import spelled
from unit.fakes.examples import (
    READ_S3,
    ROLE_ARN,
    ROLE_NAME,
    SUBJECT,
    desired,
    our_role,
    recorded,
    service_account,
    trusting,
)
from unit.fakes.pod_identity import DESCRIBE_ASSOCIATION, LIST_ASSOCIATIONS
from unit.fakes.proofs import denies
from unit.fakes.starts import MINE, S3
from unit.fakes.wire import LONG_ENOUGH
from unit.fakes.world import Told, World

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import problems
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.batch import BatchItem, run_batch
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.describe import describe
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest
from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import Outcome
from ansible_collections.iamsa.eks.plugins.module_utils.observe import associations as reading

OTHER = "arn:aws:iam::123456789012:role/other"
PODS = {
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
}
MIXED = {**PODS, "Principal": {"Service": ["pods.eks.amazonaws.com", "ec2.amazonaws.com"]}}
EC2 = {**PODS, "Principal": {"Service": "ec2.amazonaws.com"}}
NEIGHBOUR = Subject("other", "neighbour")
NAMED = desired(S3, name=ROLE_NAME)
REPLACED = desired(S3, name=ROLE_NAME, replace_trust=True)


def shared(world: World, *statements: Any) -> World:
    """The ServiceAccount with its role, which also trusts these."""
    world.account.put(recorded(trusting(our_role(), *statements), READ_S3), READ_S3)
    world.kubernetes.put(service_account(managers=MINE))
    return world


def denied(world: World, action: str = LIST_ASSOCIATIONS) -> None:
    world.wire.on(action, denies(action), times=999)


def statements(world: World) -> list[Any]:
    """Those that are not ours."""
    return [one for one in world.role.trust["Statement"] if "Federated" not in one["Principal"]]


class TestUsed:
    @pytest.fixture(params=["its own", "a neighbour's"])
    def used(self, world: World, request: pytest.FixtureRequest) -> World:
        world.pod_identity.associate(OTHER, Subject("web", "another"))
        world.pod_identity.associate(ROLE_ARN, SUBJECT if request.param == "its own" else NEIGHBOUR)
        return shared(world, PODS)

    def test_it_is_not_unmanaged(self, used: World) -> None:
        assert used.create(NAMED).steps == ()

    def test_replace_trust_removes_the_others_alone(self, used: World) -> None:
        shared(used, PODS, EC2)
        outcome = used.create(REPLACED)
        assert statements(used) == [PODS]
        assert any("pods.eks.amazonaws.com" in notice for notice in outcome.notices)

    def test_repairing_our_own_statement_leaves_it(self, used: World) -> None:
        role = used.role
        first = {**role.trust["Statement"][0], "Action": "sts:AssumeRole"}
        used.account.roles[ROLE_NAME] = trusting(our_role(), PODS)
        used.iam.roles.set_trust(ROLE_NAME, {**role.trust, "Statement": [first, PODS]})
        used.create(NAMED)
        assert PODS in used.role.trust["Statement"]

    def test_describe_and_its_commands_leave_it(self, used: World) -> None:
        chain = describe(desired(), used.access())
        assert [one.mark for one in chain.statements] == ["ours", "podIdentity"]
        assert not any("--replace-trust" in spelled(one.remedy) for one in problems(chain))

    def test_delete_is_refused_with_what_frees_the_role(self, used: World) -> None:
        used.kubernetes.put(service_account(managers=MINE))
        with pytest.raises(Refused) as caught:
            used.delete(DeleteRequest(desired()))
        assert str(caught.value.resource) == f"role/{ROLE_NAME}"
        assert "--replace-trust" not in spelled(caught.value.remedy)
        assert "delete-pod-identity-association" in spelled(caught.value.remedy)
        assert used.wire.writes == []


class TestUnknown:
    @pytest.fixture(params=[LIST_ASSOCIATIONS, DESCRIBE_ASSOCIATION])
    def unknown(self, world: World, request: pytest.FixtureRequest) -> World:
        world.pod_identity.associate(ROLE_ARN, NEIGHBOUR)
        denied(world, request.param)
        return shared(world, PODS)

    def test_it_is_left_and_noted(self, unknown: World) -> None:
        outcome = unknown.create(NAMED)
        assert outcome.steps == ()
        (notice,) = outcome.notices
        assert "it is not known" in notice

    def test_replace_trust_leaves_it(self, unknown: World) -> None:
        shared(unknown, PODS, EC2)
        unknown.create(REPLACED)
        assert statements(unknown) == [PODS]

    def test_no_command_advises_to_replace_it(self, unknown: World) -> None:
        chain = describe(desired(), unknown.access())
        assert not any("--replace-trust" in spelled(one.remedy) for one in problems(chain))

    def test_delete_is_refused(self, unknown: World) -> None:
        with pytest.raises(Refused) as caught:
            unknown.delete(DeleteRequest(desired()))
        assert "--replace-trust" not in spelled(caught.value.remedy)
        assert "--keep-role" in spelled(caught.value.remedy)

    def test_more_than_can_be_looked_at_are_not_known_to_leave_it_alone(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reading, "MOST_DESCRIBED", 16)
        for number in range(17):
            world.pod_identity.associate(OTHER, Subject("other", f"app-{number}"))
        shared(world, PODS).create(REPLACED)
        assert statements(world) == [PODS]
        assert len(world.wire.names(DESCRIBE_ASSOCIATION)) == 16


class TestUnused:
    @pytest.fixture
    def unused(self, world: World) -> World:
        world.pod_identity.associate(OTHER, NEIGHBOUR)
        return shared(world, PODS)

    def test_it_is_unmanaged_and_may_be_another_cluster_s(self, unused: World) -> None:
        error = unused.refusal(NAMED)
        assert isinstance(error, Refused)
        assert "another cluster" in spelled(error.problem)
        assert "--replace-trust" in spelled(error.remedy)

    def test_replace_trust_removes_it(self, unused: World) -> None:
        unused.create(REPLACED)
        assert statements(unused) == []

    def test_delete_says_how_to_remove_it_first(self, unused: World) -> None:
        with pytest.raises(Refused) as caught:
            unused.delete(DeleteRequest(desired()))
        assert "--replace-trust" in spelled(caught.value.remedy)


class TestBesideOthers:
    """A statement that trusts pods and somebody else."""

    @pytest.fixture
    def mixed(self, world: World) -> World:
        world.pod_identity.associate(ROLE_ARN, NEIGHBOUR)
        return shared(world, MIXED)

    def test_it_is_unmanaged_and_not_advised_to_be_removed(self, mixed: World) -> None:
        error = mixed.refusal(NAMED)
        assert "--adopt" in spelled(error.remedy)
        assert "--replace-trust" not in spelled(error.remedy)

    def test_replace_trust_leaves_it(self, mixed: World) -> None:
        mixed.create(REPLACED)
        assert statements(mixed) == [MIXED]

    def test_delete_is_refused(self, mixed: World) -> None:
        with pytest.raises(Refused) as caught:
            mixed.delete(DeleteRequest(desired()))
        assert "--replace-trust" not in spelled(caught.value.remedy)


class TestCalls:
    def test_without_such_a_statement_nobody_else_s_are_read(self, world: World) -> None:
        world.pod_identity.associate(OTHER, NEIGHBOUR)
        shared(world).create(NAMED)
        assert len(world.wire.names(LIST_ASSOCIATIONS)) == 1
        assert world.wire.names(DESCRIBE_ASSOCIATION) == []

    def test_its_own_association_is_enough(self, world: World) -> None:
        world.pod_identity.associate(ROLE_ARN)
        world.pod_identity.associate(OTHER, NEIGHBOUR)
        shared(world, PODS).create(NAMED)
        assert len(world.wire.names(LIST_ASSOCIATIONS)) == 1
        assert len(world.wire.names(DESCRIBE_ASSOCIATION)) == 1

    def test_those_of_the_namespace_are_looked_at_first(self, world: World) -> None:
        for number in range(100):
            world.pod_identity.associate(OTHER, Subject("other", f"app-{number}"))
        world.pod_identity.associate(ROLE_ARN, Subject("web", "another"))
        shared(world, PODS).create(NAMED)
        assert len(world.wire.names(DESCRIBE_ASSOCIATION)) == 8

    def test_they_are_described_side_by_side(self, world: World) -> None:
        for number in range(8):
            world.pod_identity.associate(OTHER, Subject("other", f"app-{number}"))
        shared(world, PODS)
        world.wire.latency = LONG_ENOUGH
        world.refusal(NAMED)
        assert world.wire.longest_chain() == 4

    def test_many_share_what_was_read(self, world: World) -> None:
        subjects = [Subject("web", f"app-{number}") for number in range(5)]
        jobs = [BatchItem(desired(S3, subject=one, name=f"role-{one.name}"), Told()) for one in subjects]
        run_batch(jobs, world.access())
        for name, role in list(world.account.roles.items()):
            world.account.roles[name] = trusting(role, PODS)
        for number in range(3):
            world.pod_identity.associate(OTHER, Subject("other", f"app-{number}"))
        world.pod_identity.page_size = 2
        world.wire.forget()
        results = run_batch(jobs, world.access())
        assert not any(isinstance(one, Outcome) for one in results)
        # Three of the others, once each, and two pages of them, beside a look at the first page.
        assert len(world.wire.names(DESCRIBE_ASSOCIATION)) == 3
