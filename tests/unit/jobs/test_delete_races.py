# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Somebody else changes things while a delete runs: nothing of theirs goes, and ours still does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone

import pytest
from unit.fakes.examples import (
    CLUSTER,
    HOME,
    READ_S3,
    READ_SQS,
    ROLE_ARN,
    ROLE_NAME,
    SUBJECT,
    delete_request,
    desired,
    document,
    inline,
    our_role,
    recorded,
    retagged,
    service_account,
)
from unit.fakes.wire import answers, meanwhile
from unit.fakes.world import Clock, World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import (
    IamsaError,
    NotFound,
    Refused,
    RemoteError,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
    FIELD_MANAGER,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.ownership import marker
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount

ASKED = DeleteRequest(desired(name=ROLE_NAME))
PURGE = delete_request(name=ROLE_NAME, policies_of_others=True)
KEEP = DeleteRequest(desired(name=ROLE_NAME), keep_service_account=True)
MARKED = marker(CLUSTER, SUBJECT)
OURS = recorded(our_role(), READ_S3, inline())
ANOTHERS = retagged(OURS, iamsa__service_account="another")
OTHER = {ANNOTATION_ROLE_ARN: HOME.role_arn("/iamsa/", "other")}
MINE = {ANNOTATION_ROLE_ARN: FIELD_MANAGER}


@pytest.fixture
def made(world: World) -> World:
    """A role with two recorded policies, and the ServiceAccount that iamsa made for it."""
    world.account.put(OURS, READ_S3, reader=document())
    world.kubernetes.put(service_account({ANNOTATION_ROLE_ARN: ROLE_ARN, **MARKED}, MINE))
    return world


def becomes(world: World, **changes: object) -> Callable[[], None]:
    """Somebody changes the ServiceAccount."""
    return lambda: world.kubernetes.put(replace(world.kubernetes.service_accounts[SUBJECT], **changes))  # type: ignore[arg-type]


def labelled(world: World) -> Callable[[], None]:
    """Somebody changes something about the ServiceAccount that a delete does not look at."""
    return lambda: world.kubernetes.put(world.kubernetes.service_accounts[SUBJECT])


def refusal(world: World, request: DeleteRequest = ASKED) -> IamsaError:
    with pytest.raises(IamsaError) as caught:
        world.delete(request)
    return caught.value


class TestTheServiceAccount:
    @pytest.mark.parametrize("call", ["rehearse patch serviceaccount", "patch serviceaccount"])
    def test_one_that_changes_before_it_is_released_is_released_as_it_is_then(
        self, made: World, call: str
    ) -> None:
        made.wire.on(call, meanwhile(labelled(made)))
        made.delete(ASKED)
        assert (made.kubernetes.service_accounts, made.account.roles) == ({}, {})

    @pytest.mark.parametrize("call", ["rehearse delete serviceaccount", "delete serviceaccount"])
    def test_one_that_changes_before_it_is_deleted_is_deleted_as_it_is_then(
        self, made: World, call: str
    ) -> None:
        made.wire.on(call, meanwhile(labelled(made)))
        made.delete(ASKED)
        assert (made.kubernetes.service_accounts, made.account.roles) == ({}, {})

    @pytest.mark.parametrize("asked", [ASKED, KEEP], ids=["delete", "keep"])
    @pytest.mark.parametrize("call", ["patch serviceaccount", "iam:DetachRolePolicy", "iam:DeleteRole"])
    def test_one_that_is_given_another_role_meanwhile_keeps_it_and_stays(
        self, made: World, call: str, asked: DeleteRequest
    ) -> None:
        now = {**OTHER, **MARKED}
        made.wire.on(call, meanwhile(becomes(made, annotations=now)))
        made.delete(asked)
        assert made.annotations == now
        assert made.account.roles == {}

    @pytest.mark.parametrize(
        "call", ["patch serviceaccount", "iam:DetachRolePolicy", "iam:DeleteRole", "delete serviceaccount"]
    )
    def test_one_that_somebody_made_anew_stays(self, made: World, call: str) -> None:
        anew = ServiceAccount(SUBJECT, {"team": "web"}, uid="2")
        made.wire.on(call, meanwhile(lambda: made.kubernetes.put(anew)))
        made.delete(ASKED)
        assert made.annotations == {"team": "web"}
        assert made.account.roles == {}

    @pytest.mark.parametrize(
        "call", ["patch serviceaccount", "iam:DetachRolePolicy", "iam:DeleteRole", "delete serviceaccount"]
    )
    def test_one_that_somebody_else_deletes_is_as_good_as_deleted(self, made: World, call: str) -> None:
        made.wire.on(call, meanwhile(made.kubernetes.service_accounts.clear))
        made.delete(ASKED)
        assert (made.kubernetes.service_accounts, made.account.roles) == ({}, {})

    def test_one_that_a_finalizer_holds_meanwhile_is_told_as_marked_for_deletion(self, made: World) -> None:
        made.wire.on("delete serviceaccount", meanwhile(becomes(made, finalizers=("a.b/c",))))
        removed = made.delete(ASKED)
        held = "serviceaccount/my-sa marked for deletion, blocked by the finalizer a.b/c"
        assert (made.told.steps[-1].sentence, removed.steps[-1].sentence) == (held, held)
        assert (removed.finalizers, made.kubernetes.service_accounts[SUBJECT].deleting) == (("a.b/c",), True)

    def test_one_that_no_finalizer_holds_any_more_is_told_as_deleted(self, made: World) -> None:
        becomes(made, finalizers=("a.b/c",))()
        made.wire.on("delete serviceaccount", meanwhile(becomes(made, finalizers=())))
        removed = made.delete(ASKED)
        assert made.told.steps[-1].sentence == "serviceaccount/my-sa deleted"
        assert (removed.finalizers, made.kubernetes.service_accounts) == ((), {})

    def test_one_whose_annotation_helm_takes_over_meanwhile_stops_it_before_aws(self, made: World) -> None:
        helms = {ANNOTATION_ROLE_ARN: frozenset({"helm"})}
        made.wire.on("patch serviceaccount", meanwhile(becomes(made, managers=helms)))
        before = made.account.state()
        assert "belongs to the field manager helm" in str(refusal(made))
        assert (made.account.state(), made.annotations[ANNOTATION_ROLE_ARN]) == (before, ROLE_ARN)

    def test_one_that_never_stands_still_is_given_up_before_aws(self, made: World) -> None:
        made.wire.on("patch serviceaccount", meanwhile(labelled(made)), times=99)
        before = made.account.state()
        assert "was changed concurrently 3 times in a row" in str(refusal(made))
        assert made.account.state() == before


class TestTheRole:
    def test_one_that_is_given_away_meanwhile_is_left_alone(self, made: World) -> None:
        made.wire.on(
            "patch serviceaccount", meanwhile(lambda: made.account.roles.update({ROLE_NAME: ANOTHERS}))
        )
        before = made.copy().account
        error = refusal(made)
        assert isinstance(error, RemoteError)
        assert str(error).startswith(f"role {ROLE_NAME} was changed concurrently; run the same")
        assert (made.role, made.account.attached, made.account.inline) == (
            ANOTHERS,
            before.attached,
            before.inline,
        )
        assert made.annotations == {ANNOTATION_RECORD: ROLE_ARN, **MARKED}

    def test_before_the_first_write_it_looks_again_and_says_whose_it_is(self, made: World) -> None:
        made.kubernetes.service_accounts.clear()
        made.wire.on(
            "iam:GetRole", meanwhile(lambda: made.account.roles.update({ROLE_NAME: ANOTHERS})), skip=1
        )
        error = refusal(made)
        assert isinstance(error, Refused)
        assert "belongs to ServiceAccount web/another" in str(error)
        assert made.wire.writes == []

    @pytest.mark.parametrize("call", ["patch serviceaccount", "iam:DetachRolePolicy", "iam:DeleteRole"])
    def test_one_that_somebody_else_deletes_is_as_good_as_deleted(self, made: World, call: str) -> None:
        def gone() -> None:
            for part in (made.account.roles, made.account.attached, made.account.inline):
                part.clear()

        made.wire.on(call, meanwhile(gone))
        made.delete(ASKED)
        assert (made.kubernetes.service_accounts, made.account.roles) == ({}, {})


class TestItsPolicies:
    def attached(self, world: World) -> Callable[[], None]:
        return lambda: world.account.attached[ROLE_NAME].update({READ_SQS.arn: READ_SQS.name})

    def put(self, world: World) -> Callable[[], None]:
        return lambda: world.account.inline[ROLE_NAME].update(hand=document())

    def test_one_that_somebody_attaches_meanwhile_stops_it(self, made: World) -> None:
        made.wire.on("iam:DeleteRole", meanwhile(self.attached(made)))
        error = refusal(made)
        assert isinstance(error, Refused)
        assert f"was given policy {READ_SQS.arn} by another process" in str(error)
        assert made.account.attached[ROLE_NAME] == {READ_SQS.arn: READ_SQS.name}
        assert "<purge>" in str(refusal(made))

    def test_an_inline_one_too(self, made: World) -> None:
        made.wire.on("iam:DeleteRole", meanwhile(self.put(made)))
        assert "was given inline policy hand by another process" in str(refusal(made))
        assert list(made.account.inline[ROLE_NAME]) == ["hand"]

    def test_a_purge_takes_them_too(self, made: World) -> None:
        made.wire.on("iam:DeleteRole", meanwhile(self.attached(made)))
        made.wire.on("iam:DeleteRole", meanwhile(self.put(made)), skip=1)
        made.delete(PURGE)
        assert made.account.roles == {}

    def test_what_iamsa_attaches_at_the_same_time_stops_it(self, made: World) -> None:
        def another_run() -> None:
            later = datetime(2999, 1, 1, tzinfo=timezone.utc)
            made.account.roles[ROLE_NAME] = recorded(made.role, READ_SQS, at=later)
            self.attached(made)()

        made.wire.on("iam:DeleteRole", meanwhile(another_run))
        error = refusal(made)
        assert isinstance(error, RemoteError)
        assert (error.code, str(error.resource)) == ("Conflict", f"role/{ROLE_NAME}")
        assert made.account.attached[ROLE_NAME] == {READ_SQS.arn: READ_SQS.name}

    def test_what_iamsa_attached_before_and_reads_hid_goes_too(self, made: World) -> None:
        def shown() -> None:
            made.account.roles[ROLE_NAME] = recorded(made.role, READ_SQS)
            self.attached(made)()

        made.wire.on("iam:DeleteRole", meanwhile(shown))
        made.delete(ASKED)
        assert (made.kubernetes.service_accounts, made.account.roles) == ({}, {})

    def test_one_that_somebody_else_detaches_counts_as_detached(self, made: World) -> None:
        made.wire.on("iam:DetachRolePolicy", meanwhile(made.account.attached[ROLE_NAME].clear))
        made.wire.on("iam:DeleteRolePolicy", meanwhile(made.account.inline[ROLE_NAME].clear))
        made.delete(ASKED)
        assert made.account.roles == {}

    def test_an_instance_profile_is_waited_for_a_minute_and_then_told(
        self, made: World, clock: Clock
    ) -> None:
        made.wire.on(
            "iam:DeleteRole", meanwhile(lambda: made.account.profiles.update({ROLE_NAME: ("nodes",)}))
        )
        before = clock.now
        error = refusal(made)
        assert isinstance(error, RemoteError)
        assert error.code == "DeleteConflict"
        assert 50 <= clock.now - before <= 61
        assert "in the instance profile nodes" in str(refusal(made))


class TestSlowReads:
    def test_a_role_that_the_service_account_names_is_looked_for_when_hidden(self, made: World) -> None:
        made.wire.on("iam:GetRole", answers(None), times=5)
        made.delete(ASKED)
        assert (made.kubernetes.service_accounts, made.account.roles) == ({}, {})

    def test_a_role_that_nothing_names_is_not_looked_for_twice(self, world: World, clock: Clock) -> None:
        before = clock.now
        assert isinstance(refusal(world), NotFound)
        assert clock.now == before

    def test_policies_that_reads_hide_are_found_when_iam_refuses(self, made: World) -> None:
        made.wire.on("iam:ListAttachedRolePolicies", answers({}))
        made.wire.on("iam:ListRolePolicies", answers(()))
        made.delete(ASKED)
        assert (made.kubernetes.service_accounts, made.account.roles) == ({}, {})

    def test_policies_that_reads_still_show_are_no_hindrance(self, made: World) -> None:
        made.account.attached[ROLE_NAME].clear()
        made.wire.on("iam:ListAttachedRolePolicies", answers({READ_S3.arn: READ_S3.name}))
        made.delete(ASKED)
        assert made.account.roles == {}

    def test_it_ends_when_iam_shows_that_the_role_is_gone(self, made: World) -> None:
        made.wire.on("iam:GetRole", answers(OURS), skip=2, times=4)
        made.delete(ASKED)
        assert len(made.wire.names("iam:GetRole")) == 2 + 4 + 1
        assert made.wire.names()[-1] == "delete serviceaccount"
