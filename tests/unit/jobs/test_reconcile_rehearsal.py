# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kubernetes is asked first: what would stop the last write stops the run before AWS is touched."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit.fakes.examples import ACCOUNT, READ_S3, ROLE_NAME, desired, our_role, service_account
from unit.fakes.starts import PLAIN, S3, STARTS, Arrange, ready, without_namespace
from unit.fakes.wire import LONG_ENOUGH, meanwhile, raises
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, IamsaError, Refused, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Desired

WITH_NAMESPACE = desired(S3, create_namespace=True)
OF_THE_ROLE_ALONE = {
    *(
        "all-there",
        "purge",
        "purge-at-the-quota",
        "purge-to-make-room",
        "keep-an-addition",
        "remove-an-addition",
        "rebind",
    ),
}
WRITING = [start for start in STARTS if start.id not in OF_THE_ROLE_ALONE]
DENIED = Denied("you are not allowed to create serviceaccounts", action="create serviceaccounts")


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(DENIED, id="rbac"),
        pytest.param(RemoteError("admission webhook denied it"), id="admission"),
        pytest.param(Refused("it has fields owned by other field managers"), id="conflict"),
    ],
)
@pytest.mark.parametrize(("arrange", "wanted"), WRITING)
def test_a_rehearsal_that_fails_ends_the_run_before_any_write_to_aws(
    world: World, arrange: Arrange, wanted: Desired, error: IamsaError
) -> None:
    arrange(world)
    before = world.account.state()
    world.wire.on("rehearse create serviceaccount", raises(error), times=9)
    world.wire.on("rehearse apply serviceaccount", raises(error), times=9)

    assert (world.refusal(wanted), world.account.state()) == (error, before)


def test_nothing_is_rehearsed_where_the_service_account_stays_as_it_is(world: World) -> None:
    ready(world)
    world.account.attached[ROLE_NAME].clear()
    world.create(PLAIN)
    assert world.wire.names("rehearse") == []


def test_a_missing_namespace_is_rehearsed_and_the_rest_asked_about(world: World) -> None:
    without_namespace(world)

    outcome = world.create(WITH_NAMESPACE, "server")

    assert world.wire.names("rehearse") == ["rehearse create namespace"]
    assert [call.about for call in world.wire.calls if "selfsubject" in call.name] == [
        "create serviceaccounts in web"
    ]
    assert outcome.notices == (
        "namespace web does not exist yet, so the creation of serviceaccount my-sa was not checked in"
        " advance",
    )


def test_who_may_not_write_into_the_new_namespace_makes_none(world: World) -> None:
    without_namespace(world)
    world.kubernetes.allowed = False

    error = world.refusal(WITH_NAMESPACE)

    assert str(error).startswith("you are not allowed to create serviceaccounts in namespace web")
    assert world.wire.writes == []


def test_who_may_not_even_ask_is_let_try(world: World) -> None:
    without_namespace(world)
    world.kubernetes.allowed = None
    world.create(WITH_NAMESPACE)
    assert world.kubernetes.namespaces == {"web": "active"}


def test_in_the_new_namespace_the_rest_is_rehearsed_before_aws_is_touched(world: World) -> None:
    without_namespace(world)
    world.wire.on("rehearse create serviceaccount", raises(DENIED))

    world.refusal(WITH_NAMESPACE)

    assert world.wire.writes == ["create namespace"]


def test_a_real_run_does_not_repeat_what_was_not_rehearsed_at_first(world: World) -> None:
    without_namespace(world)
    assert world.create(WITH_NAMESPACE).notices == ()


def test_a_client_dry_run_says_what_it_takes_for_granted(world: World) -> None:
    world.kubernetes.namespaces = {"web": "unknown"}
    assert world.create(PLAIN, "client").notices == (
        "namespace web could not be read and is assumed to exist",
    )


def test_a_namespace_that_is_being_deleted_is_refused(world: World) -> None:
    world.kubernetes.namespaces = {"web": "terminating"}
    error = world.refusal(PLAIN)
    assert (str(error), world.wire.writes) == (
        "namespace web is being deleted; wait until it is deleted",
        [],
    )


def test_a_new_service_account_is_rehearsed_once_while_its_role_is_looked_for(world: World) -> None:
    world.wire.latency = LONG_ENOUGH
    world.create(PLAIN)
    names = world.wire.names()
    assert names.count("rehearse create serviceaccount") == 1
    assert names.index("rehearse create serviceaccount") < names.index("iam:CreateRole")


def test_what_was_rehearsed_ahead_for_another_role_is_rehearsed_again(world: World) -> None:
    """The role is there, under another path than a new one would have."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/old/{ROLE_NAME}"
    world.account.put(replace(our_role(), path="/old/", arn=arn), READ_S3)
    world.create(desired(S3, name=ROLE_NAME))
    assert world.wire.names("rehearse") == ["rehearse create serviceaccount"] * 2


def test_a_conflict_that_is_met_ahead_is_not_met_again(world: World) -> None:
    world.wire.on(
        "rehearse create serviceaccount", meanwhile(lambda: world.kubernetes.put(service_account({})))
    )
    world.create(PLAIN, "server")
    assert world.wire.names("rehearse") == [
        "rehearse create serviceaccount",
        "rehearse apply serviceaccount",
    ]


def test_an_error_that_is_met_ahead_is_told_without_another_try(world: World) -> None:
    world.wire.on("rehearse create serviceaccount", raises(DENIED))
    assert world.refusal(PLAIN) == DENIED
    assert world.wire.names("rehearse") == ["rehearse create serviceaccount"]


def test_a_client_dry_run_rehearses_nothing(world: World) -> None:
    world.create(PLAIN, "client")
    assert world.wire.names("rehearse") == []
