# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each job says of pods whose role comes by a Pod Identity association, and what it says where that
cannot be read; against an AWS and a cluster in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from unit.fakes.examples import ROLE_ARN, ROLE_NAME, SUBJECT, desired, service_account
from unit.fakes.pod_identity import DESCRIBE_ASSOCIATION, LIST_ASSOCIATIONS
from unit.fakes.proofs import ASSUME, TOKENS, denies
from unit.fakes.starts import S3, ready
from unit.fakes.wire import LONG_ENOUGH, Hook, answers, fails
from unit.fakes.world import Told, World

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import problems
from ansible_collections.iamsa.eks.plugins.module_utils.errors import TimedOut
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_ROLE_ARN,
    ANNOTATION_TOKEN_EXPIRATION,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.batch import BatchItem, run_batch
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.describe import describe
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.inventory import inventory
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verified import verified
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verify import verify, verify_many
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.pods import PodOwner
from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import Outcome
from ansible_collections.iamsa.eks.plugins.module_utils.observe import associations as reading

OTHER = "arn:aws:iam::123456789012:role/other"
NAMED = desired(S3, name=ROLE_NAME)
UNREAD: dict[str, Callable[[World], None]] = {
    "denied": lambda world: world.wire.on(LIST_ASSOCIATIONS, denies(LIST_ASSOCIATIONS), times=99),
    "not there": lambda world: world.wire.on(LIST_ASSOCIATIONS, fails("404"), times=99),
}


@pytest.fixture
def settled(world: World) -> World:
    """The ServiceAccount with its role."""
    ready(world)
    return world


@pytest.fixture(params=UNREAD)
def unread(settled: World, request: pytest.FixtureRequest) -> World:
    """The same, of which associations cannot be read."""
    UNREAD[request.param](settled)
    return settled


class TestVerify:
    @pytest.mark.parametrize(
        ("named", "given", "verdict", "cause"),
        [
            pytest.param(ROLE_ARN, OTHER, "no", "otherRole", id="another role"),
            pytest.param(ROLE_ARN, ROLE_ARN, "unknown", "podIdentity", id="the same role"),
            pytest.param("", OTHER, "unknown", "podIdentity", id="alone"),
        ],
    )
    def test_what_pods_do_not_get_is_not_tried(
        self, settled: World, named: str, given: str, verdict: str, cause: str
    ) -> None:
        settled.kubernetes.put(service_account() if named else service_account({}))
        association = settled.pod_identity.associate(given)
        found = verify(SUBJECT, settled.access())
        assert found.reason
        assert (found.verdict, found.reason.cause, found.assumed) == (verdict, cause, "")
        assert found.associations.in_force == association
        assert settled.wire.names(TOKENS) == settled.wire.names(ASSUME) == []

    @pytest.mark.parametrize(
        ("named", "cause"),
        [(OTHER, "podIdentity"), (ROLE_ARN, "otherRole")],
        ids=["target", "first"],
    )
    def test_with_a_target_role_pods_get_that_one(self, settled: World, named: str, cause: str) -> None:
        settled.kubernetes.put(service_account({ANNOTATION_ROLE_ARN: named}))
        settled.pod_identity.associate(ROLE_ARN, target_arn=OTHER)
        found = verify(SUBJECT, settled.access())
        assert found.reason
        assert found.reason.cause == cause
        assert OTHER in found.reason.words

    @pytest.mark.parametrize(
        "refusal", [denies(DESCRIBE_ASSOCIATION), fails("ThrottlingException")], ids=["denied", "failed"]
    )
    def test_an_association_whose_role_may_not_be_read_wins_all_the_same(
        self, settled: World, refusal: Hook
    ) -> None:
        settled.pod_identity.associate(OTHER)
        settled.wire.on(DESCRIBE_ASSOCIATION, refusal)
        found = verify(SUBJECT, settled.access())
        assert found.reason
        assert (found.verdict, found.reason.cause) == ("unknown", "podIdentity")

    def test_an_association_that_goes_in_between_is_none(self, settled: World) -> None:
        settled.pod_identity.associate(OTHER)
        settled.wire.on(DESCRIBE_ASSOCIATION, answers(None))
        assert verify(SUBJECT, settled.access()).verdict == "yes"

    def test_of_another_service_account_it_says_nothing(self, settled: World) -> None:
        settled.pod_identity.associate(OTHER, Subject("web", "other"))
        settled.pod_identity.associate(OTHER, Subject("other", SUBJECT.name))
        assert verify(SUBJECT, settled.access()).verdict == "yes"

    def test_a_service_account_that_is_not_there_is_missing(self, settled: World) -> None:
        settled.kubernetes.service_accounts.clear()
        settled.pod_identity.associate(OTHER)
        found = verify(SUBJECT, settled.access())
        assert found.reason
        assert found.reason.cause == "serviceAccountMissing"

    def test_where_the_api_server_refuses_pods_they_get_no_role_at_all(self, settled: World) -> None:
        refused = {ANNOTATION_ROLE_ARN: ROLE_ARN, ANNOTATION_TOKEN_EXPIRATION: str(2**40)}
        settled.kubernetes.put(service_account(refused))
        settled.pod_identity.associate(ROLE_ARN)
        found = verify(SUBJECT, settled.access())
        assert found.reason
        assert (found.verdict, found.reason.cause) == ("no", "podsRefused")
        (listed,) = inventory(settled.access(), "web").items
        assert listed.status.state == "podsRefused"

    def test_where_they_cannot_be_read_the_token_is_tried_and_less_is_said(self, unread: World) -> None:
        found = verify(SUBJECT, unread.access())
        assert found.verdict == "yes"
        assert found.associations.unread

    def test_they_are_read_beside_the_cluster(self, settled: World) -> None:
        settled.wire.latency = LONG_ENOUGH
        verify(SUBJECT, settled.access())
        assert settled.wire.longest_chain() == 3

    @pytest.mark.parametrize("page_size", [100, 1], ids=["one page", "more pages"])
    def test_of_many_each_is_judged_by_its_own(self, settled: World, page_size: int) -> None:
        settled.pod_identity.page_size = page_size
        for name in ("a", "b", "c"):
            settled.kubernetes.put(replace(service_account(), subject=Subject("web", name)))
        settled.pod_identity.associate(OTHER, Subject("web", "b"))
        settled.pod_identity.associate(OTHER, Subject("other", "c"))
        found = verify_many(settled.access(), "web").items
        assert {one.subject.name: one.verdict for one in found} == {
            **dict.fromkeys(("a", "c", SUBJECT.name), "yes"),
            "b": "no",
        }

    def test_of_many_one_list_serves_all(self, settled: World) -> None:
        for number in range(12):
            settled.kubernetes.put(replace(service_account(), subject=Subject("web", f"app-{number}")))
        verify_many(settled.access(), "web")
        assert len(settled.wire.names(LIST_ASSOCIATIONS)) == 1

    def test_of_many_a_denial_is_asked_for_once(self, settled: World) -> None:
        for number in range(12):
            settled.kubernetes.put(replace(service_account(), subject=Subject("web", f"app-{number}")))
        UNREAD["denied"](settled)
        found = verify_many(settled.access(), "web").items
        assert all(one.associations.unread for one in found)
        assert len(settled.wire.names(LIST_ASSOCIATIONS)) == 1


class TestCreate:
    @pytest.mark.parametrize("dry_run", ["none", "client", "server"])
    @pytest.mark.parametrize("given", [OTHER, ROLE_ARN], ids=["another role", "the same role"])
    def test_it_is_told_that_the_association_wins(self, world: World, given: str, dry_run: Any) -> None:
        association = world.pod_identity.associate(given)
        (notice,) = world.create(NAMED, dry_run).notices
        assert association.id in notice
        assert given in notice

    @pytest.mark.parametrize("dry_run", ["none", "client"])
    def test_it_is_in_the_outcome_for_machines(self, settled: World, dry_run: Any) -> None:
        association = settled.pod_identity.associate(OTHER)
        assert settled.create(NAMED, dry_run).associations.items == (association,)

    def test_no_restart_is_advised_that_would_not_give_pods_this_role(self, settled: World) -> None:
        settled.kubernetes.put(service_account({}))
        settled.kubernetes.pods = {PodOwner("Deployment", "web"): ""}
        settled.pod_identity.associate(OTHER)
        assert settled.create(NAMED).restarts == ()

    def test_where_they_cannot_be_read_nothing_is_said(self, unread: World) -> None:
        outcome = unread.create(NAMED)
        assert outcome.notices == ()
        assert outcome.associations.unread

    def test_a_wait_for_what_pods_do_not_get_is_a_no(self, settled: World) -> None:
        settled.pod_identity.associate(OTHER)
        proven = verified(settled.create(NAMED), settled.access(), 60.0)
        assert proven.verification
        assert proven.verification.verdict == "no"
        assert len(settled.wire.names(LIST_ASSOCIATIONS)) == 1

    def test_many_share_one_list(self, world: World) -> None:
        subjects = [Subject("web", f"app-{number:02}") for number in range(12)]
        world.pod_identity.associate(OTHER, subjects[3])
        results = run_batch([BatchItem(desired(S3, subject=one), Told()) for one in subjects], world.access())
        told = [one.associations.in_force is not None for one in results if isinstance(one, Outcome)]
        assert told == [number == 3 for number in range(12)]
        assert len(world.wire.names(LIST_ASSOCIATIONS)) == 1

    def test_a_list_that_hangs_does_not_hold_up_the_run(
        self, settled: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reading, "SECONDS", 0.1)
        monkeypatch.setattr(reading, "Deadline", Ticking)
        settled.wire.on(LIST_ASSOCIATIONS, lambda _: threading.Event().wait(30))
        assert settled.create(NAMED).associations.unread


class Ticking(Deadline):
    """A deadline that passes, though nobody sleeps."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self._ticked = threading.Event()
        threading.Timer(seconds, self._ticked.set).start()

    @property
    def remaining(self) -> float:
        return 0.0 if self._ticked.is_set() else 0.05

    def check(self, doing: str) -> None:
        if self._ticked.is_set():
            raise TimedOut(f"timed out {doing}")


class TestDescribe:
    def test_of_an_association_alone_no_command_is_printed_that_makes_a_second_role(
        self, world: World
    ) -> None:
        world.kubernetes.put(service_account({}))
        world.account.providers.clear()
        association = world.pod_identity.associate(OTHER)
        chain = describe(desired(), world.access())
        assert chain.associations.items == (association,)
        assert problems(chain) == ()

    def test_beside_an_annotation_it_overrides(self, settled: World) -> None:
        settled.pod_identity.associate(OTHER)
        found = problems(describe(desired(), settled.access()))
        assert [(one.check.id, one.verdict) for one in found] == [("pod-identity-association", "fail")]

    def test_where_they_cannot_be_read_it_does_not_say_that_pods_get_no_role(self, unread: World) -> None:
        unread.kubernetes.put(service_account({}))
        (problem,) = [
            one
            for one in problems(describe(desired(), unread.access()))
            if one.check.id == "annotation-present"
        ]
        assert "a Pod Identity association, which could not be read" in problem.what

    def test_they_are_read_beside_the_cluster(self, settled: World) -> None:
        settled.wire.latency = LONG_ENOUGH
        describe(desired(), settled.access())
        assert settled.wire.longest_chain() == 2


class TestList:
    def test_whose_pods_get_another_role_is_not_ok(self, settled: World) -> None:
        settled.pod_identity.associate(OTHER)
        (item,) = inventory(settled.access(), "web").items
        assert item.status.state == "podIdentity"
        assert item.associations
        assert settled.wire.names(DESCRIBE_ASSOCIATION) == []

    @pytest.mark.parametrize("page_size", [100, 1], ids=["one page", "more pages"])
    def test_only_those_of_the_namespace_are_listed(self, settled: World, page_size: int) -> None:
        settled.pod_identity.page_size = page_size
        settled.pod_identity.associate(OTHER, Subject("web", "a"))
        settled.pod_identity.associate(OTHER, Subject("web", "b"))
        settled.pod_identity.associate(OTHER, Subject("other", SUBJECT.name))
        (item,) = inventory(settled.access(), "web").items
        assert (item.status.state, item.associations) == ("ok", ())
        assert len(settled.wire.names(LIST_ASSOCIATIONS)) == (1 if page_size > 1 else 2)

    def test_where_they_cannot_be_read_that_is_in_the_document(self, unread: World) -> None:
        (item,) = inventory(unread.access(), "web").items
        assert (item.status.state, item.associations) == ("ok", None)
