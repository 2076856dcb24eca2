# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a delete finds out before it changes anything, and what it says besides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit.fakes.examples import READ_S3, ROLE_ARN, SUBJECT, desired, inline
from unit.fakes.starts import S3
from unit.fakes.wire import Hook, fails, hangs, raises
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils import concurrency
from ansible_collections.iamsa.eks.plugins.module_utils.errors import (
    Denied,
    IamsaError,
    NotFound,
    RemoteError,
)
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.run import DryRun
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.pods import PodOwner
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount

ASKED = DeleteRequest(desired())
DENIED = Denied("you are not allowed to delete serviceaccounts", action="delete serviceaccounts")
REHEARSALS = ["rehearse patch serviceaccount", "rehearse delete serviceaccount"]


@pytest.fixture
def made(world: World) -> World:
    """What a create made: a role with two policies, and its ServiceAccount."""
    world.create(desired(S3, inline()))
    world.wire.forget()
    return world


@pytest.mark.parametrize("dry_run", ["client", "server"])
def test_a_dry_run_foretells_the_steps_and_writes_nothing(made: World, dry_run: DryRun) -> None:
    before = made.state()
    foretold = made.delete(ASKED, dry_run)
    assert (made.wire.writes, made.state(), made.told.steps) == ([], before, [])
    assert made.told.plans == [foretold.steps]
    assert made.delete(ASKED).steps == foretold.steps
    assert made.told.steps == list(foretold.steps)


@pytest.mark.parametrize("dry_run", ["client", "server", "none"])
def test_what_finalizers_hold_is_foretold_and_told_again(made: World, dry_run: DryRun) -> None:
    made.kubernetes.put(replace(made.kubernetes.service_accounts[SUBJECT], finalizers=("a.b/c",)))
    removed = made.delete(ASKED, dry_run)
    assert removed.steps[-1].sentence.endswith(" marked for deletion, blocked by the finalizer a.b/c")
    assert removed.finalizers == ("a.b/c",)
    if dry_run == "none":
        again = made.delete(ASKED)
        assert (again.changed, again.finalizers, len(again.notices)) == (False, ("a.b/c",), 1)


def test_a_client_dry_run_rehearses_nothing(made: World) -> None:
    made.delete(ASKED, "client")
    assert made.wire.names("rehearse") == []


@pytest.mark.parametrize("dry_run", ["server", "none"])
def test_every_write_to_kubernetes_is_rehearsed(made: World, dry_run: DryRun) -> None:
    made.delete(ASKED, dry_run)
    assert made.wire.names("rehearse") == REHEARSALS


@pytest.mark.parametrize("error", [DENIED, RemoteError("admission webhook denied it")], ids=str)
@pytest.mark.parametrize("call", REHEARSALS)
def test_a_rehearsal_that_fails_ends_it_before_any_write(made: World, call: str, error: IamsaError) -> None:
    made.wire.on(call, raises(error))
    with pytest.raises(IamsaError) as caught:
        made.delete(ASKED)
    assert (caught.value, made.wire.writes) == (error, [])


def test_it_reads_nothing_that_only_a_create_needs(made: World) -> None:
    made.delete(ASKED, "client")
    assert sorted(made.wire.names()) == [
        "eks:DescribeCluster",
        "get serviceaccount",
        "iam:GetRole",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
        "list pods",
    ]


def test_the_result_names_the_role_that_went(made: World) -> None:
    name = made.role.name
    removed = made.delete(ASKED)
    assert (removed.role_name, removed.role_arn) == (name, ROLE_ARN.replace("app", name))
    assert removed.changed


def test_a_role_that_was_gone_already_has_a_name_and_no_arn(made: World) -> None:
    name = made.role.name
    for part in (made.account.roles, made.account.attached, made.account.inline):
        part.clear()
    removed = made.delete(ASKED)
    assert (removed.role_name, removed.role_arn) == (name, None)


def test_who_still_runs_under_the_service_account_is_told(made: World) -> None:
    made.kubernetes.pods = {PodOwner("Deployment", "web"): ROLE_ARN, PodOwner("Pod", "bare"): ""}
    assert made.delete(ASKED, "client").notices == (
        f"deployment/web runs under serviceaccount {SUBJECT}",
        f"pod/bare runs under serviceaccount {SUBJECT}",
    )


def test_pods_that_may_not_be_listed_are_no_hindrance(made: World) -> None:
    made.wire.on("list pods", raises(DENIED))
    assert made.delete(ASKED).notices == ()
    assert made.kubernetes.service_accounts == {}


@pytest.mark.parametrize("hook", [fails("InternalError"), hangs], ids=["failing", "hanging"])
def test_a_list_of_pods_that_does_not_come_makes_a_notice(
    made: World, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.wire.on("list pods", hook)
    monkeypatch.setattr(concurrency, "BESIDES_SECONDS", 0.0)
    (notice,) = made.delete(ASKED).notices
    assert "pods could not be listed" in notice
    assert made.kubernetes.service_accounts == {}


def test_pods_that_cannot_be_seen_are_no_hindrance(made: World) -> None:
    made.kubernetes.pods = None
    assert made.delete(ASKED).notices == ()


def test_without_a_service_account_nobody_is_asked_about(made: World) -> None:
    made.kubernetes.service_accounts.clear()
    made.delete(ASKED)
    assert made.wire.names("list pods") == []


def test_a_service_account_without_a_role_is_not_touched(world: World) -> None:
    world.kubernetes.put(ServiceAccount(SUBJECT, {"team": "web"}, uid="1"))
    with pytest.raises(NotFound, match="has no role"):
        world.delete(ASKED)
    assert (world.wire.writes, world.annotations) == ([], {"team": "web"})


def test_a_policy_that_nobody_recorded_stops_it_before_any_write(made: World) -> None:
    made.account.attached[made.role.name]["arn:aws:iam::123456789012:policy/theirs"] = "theirs"
    with pytest.raises(IamsaError, match="policy/theirs; add <purge>"):
        made.delete(ASKED)
    assert made.wire.writes == []
    assert READ_S3.arn in made.account.attached[made.role.name]
