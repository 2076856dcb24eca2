# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Somebody else acts between our read and our write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from unit.fakes.examples import (
    BOUNDARY,
    OPS_STATEMENT,
    READ_S3,
    ROLE_ARN,
    ROLE_NAME,
    SUBJECT,
    by_arn,
    desired,
    our_role,
    retagged,
    service_account,
    trusting,
)
from unit.fakes.starts import PLAIN, S3, ready
from unit.fakes.wire import answers, meanwhile, raises
from unit.fakes.world import Clock, World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, NotFound, Refused, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import trust_policy

NAMED = desired(S3, name=ROLE_NAME)
WRONG = our_role(trust=trust_policy([{**our_role().trust["Statement"][0], "Action": "sts:AssumeRole"}]))


def appears(world: World, role: Role) -> Callable[[], None]:
    return lambda: world.account.put(role)


def test_a_role_that_appears_with_our_tags_and_as_wanted_is_gone_on_with(world: World) -> None:
    world.wire.on("iam:CreateRole", meanwhile(appears(world, our_role())))
    world.create(NAMED)
    assert world.account.attached[ROLE_NAME] == {READ_S3.arn: READ_S3.name}


@pytest.mark.parametrize(
    "role",
    [
        pytest.param(our_role(tags={}), id="untagged"),
        pytest.param(retagged(our_role(), iamsa__service_account="other"), id="another-service-account"),
    ],
)
def test_a_role_that_somebody_else_made_is_refused_and_gets_nothing(world: World, role: Role) -> None:
    world.wire.on("iam:CreateRole", meanwhile(appears(world, role)))

    error = world.refusal(NAMED)

    assert isinstance(error, Refused)
    assert "was created by another process" in str(error)
    assert (world.account.attached[role.name], world.kubernetes.service_accounts) == ({}, {})


def test_a_role_whose_name_differs_only_in_case_is_named_at_once(world: World, clock: Clock) -> None:
    other = ROLE_NAME.upper()
    world.account.put(replace(our_role(), name=other))
    begun = clock.now

    error = world.refusal(NAMED)

    assert str(error) == (
        f"role {ROLE_NAME} cannot be created, because role {other} exists: IAM does not distinguish names by"
        f" case; use <role_name={other}>, or another name"
    )
    assert clock.now == begun


def test_without_the_right_to_list_roles_both_causes_are_named(world: World) -> None:
    world.account.put(replace(our_role(), name=ROLE_NAME.upper()))
    denied = Denied("no", action="iam:GetAccountAuthorizationDetails", remedy="ask for it")
    world.wire.on("iam:GetAccountAuthorizationDetails", raises(denied))
    error = str(world.refusal(NAMED))
    assert "was created by another process, or a role exists whose name differs only in case" in error


def test_a_role_that_appears_with_our_tags_but_no_boundary_is_bounded_before_it_gets_a_policy(
    world: World,
) -> None:
    world.account.policies[BOUNDARY] = "boundary"
    wanted = desired(S3, name=ROLE_NAME, permissions_boundary=BOUNDARY)
    world.wire.on("iam:CreateRole", meanwhile(appears(world, our_role())))

    world.create(wanted)

    assert world.role.permissions_boundary == BOUNDARY
    names = [
        name
        for name in world.wire.names()
        if name in ("iam:PutRolePermissionsBoundary", "iam:AttachRolePolicy")
    ]
    assert names == ["iam:PutRolePermissionsBoundary", "iam:AttachRolePolicy"]


def test_a_role_that_appears_with_our_tags_and_trusts_somebody_else_is_given_no_policy(world: World) -> None:
    world.wire.on("iam:CreateRole", meanwhile(appears(world, trusting(our_role(), OPS_STATEMENT))))

    error = world.refusal(desired(S3, name=ROLE_NAME))

    assert isinstance(error, Refused)
    assert f"the trust policy of role {ROLE_NAME} also contains: Allow sts:AssumeRole" in str(error)
    assert world.account.attached[ROLE_NAME] == {}


def test_a_created_role_that_lagging_reads_hide_is_found_again(world: World) -> None:
    """The run before ended right after CreateRole, and IAM does not show the role everywhere yet."""
    world.account.put(our_role())
    world.wire.on("iam:GetRole", answers(None), times=4)
    world.create(NAMED)
    assert world.account.attached[ROLE_NAME] == {READ_S3.arn: READ_S3.name}


def test_trust_that_changed_since_it_was_read_is_not_overwritten(world: World) -> None:
    ready(world)
    world.account.put(WRONG, READ_S3)
    changed = trusting(WRONG, OPS_STATEMENT)
    world.wire.on("iam:GetRole", meanwhile(appears(world, changed)), skip=1)

    error = world.refusal(PLAIN)

    # Nothing was written yet, so it looks again and sees what somebody has added.
    assert f"the trust policy of role {ROLE_NAME} also contains: Allow sts:AssumeRole" in str(error)
    assert (world.role, world.wire.writes) == (changed, [])


def test_trust_that_changes_after_the_first_write_is_not_overwritten(world: World) -> None:
    ready(world)
    world.account.put(WRONG, READ_S3)
    changed = trusting(WRONG, OPS_STATEMENT)
    world.wire.on("iam:TagRole", meanwhile(appears(world, changed)))

    error = world.refusal(desired(S3, tags={"team": "web"}))

    assert f"the trust policy of role {ROLE_NAME} was changed concurrently" in str(error)
    assert world.role.trust == changed.trust
    assert world.wire.writes == ["iam:TagRole"]


def test_trust_that_is_still_the_same_in_other_words_is_written(world: World) -> None:
    ready(world)
    world.account.put(WRONG, READ_S3)
    reworded = replace(WRONG, trust=trust_policy([{**WRONG.trust["Statement"][0], "Sid": "x"}]))
    world.wire.on("iam:GetRole", meanwhile(appears(world, reworded)), skip=1)
    world.create(PLAIN)
    assert world.role.trust == our_role().trust


def test_a_role_deleted_before_its_trust_is_written_is_said_to_be_gone(world: World) -> None:
    ready(world)
    world.account.put(WRONG, READ_S3)
    world.wire.on("iam:GetRole", answers(None), skip=1)

    error = world.refusal(PLAIN)

    assert isinstance(error, NotFound)
    assert str(error).startswith(f"role {ROLE_NAME} was deleted by another process")


def test_a_role_deleted_at_the_end_fails_the_run(world: World) -> None:
    ready(world)
    world.kubernetes.put(service_account({}))
    world.wire.on("apply serviceaccount", meanwhile(world.account.roles.clear))

    error = world.refusal(NAMED)

    assert isinstance(error, NotFound)
    assert str(error) == (
        f"role {ROLE_NAME} was deleted by another process during this run; run the same command again"
    )


def test_a_role_deleted_before_a_policy_is_attached_is_not_waited_for(world: World) -> None:
    ready(world)
    world.account.attached[ROLE_NAME].clear()
    world.wire.on("iam:AttachRolePolicy", meanwhile(world.account.roles.clear))

    error = world.refusal(PLAIN)

    assert isinstance(error, NotFound)
    assert (str(error.resource), str(error.remedy)) == (f"role/{ROLE_NAME}", "run the same command again")
    assert world.wire.names("iam:AttachRolePolicy") == ["iam:AttachRolePolicy"]


def test_a_policy_deleted_before_it_is_attached_is_what_is_missing(world: World) -> None:
    ready(world)
    world.account.attached[ROLE_NAME].clear()
    world.wire.on("iam:AttachRolePolicy", meanwhile(world.account.policies.clear))

    error = world.refusal(PLAIN)

    assert isinstance(error, RemoteError)
    assert error.code == "NoSuchEntity"


@pytest.mark.parametrize("call", ["iam:AttachRolePolicy", "apply serviceaccount"])
def test_a_role_that_is_made_anew_while_it_is_written_to_is_no_success(world: World, call: str) -> None:
    ready(world)
    world.kubernetes.put(service_account({}))
    world.account.attached[ROLE_NAME].clear()
    theirs = our_role(tags={"team": "ops"}, role_id="AROATHEIRS")
    world.wire.on(call, meanwhile(appears(world, theirs)))

    error = world.refusal(NAMED)

    assert isinstance(error, NotFound)
    assert str(error.resource) == f"role/{ROLE_NAME}"
    assert "created again by another process" in error.problem


def test_a_role_of_before_that_reads_still_show_is_waited_out(world: World) -> None:
    before = our_role(role_id="AROABEFORE")
    world.wire.on("iam:GetRole", answers(before), skip=1, times=3)
    world.create(NAMED)
    assert world.wire.names().count("iam:GetRole") == 5


def test_the_trust_of_a_role_that_is_made_anew_is_not_written(world: World) -> None:
    ready(world)
    world.account.put(WRONG, READ_S3)
    world.wire.on("iam:GetRole", meanwhile(appears(world, replace(WRONG, role_id="AROA2"))), skip=2)

    error = world.refusal(PLAIN)

    assert isinstance(error, RemoteError)
    assert "iam:UpdateAssumeRolePolicy" not in world.wire.writes


def test_a_role_that_is_recreated_before_the_first_write_is_read_again(world: World) -> None:
    ready(world)
    recreated = replace(our_role(), role_id="AROA2")
    world.account.put(our_role(role_id="AROA1"))
    world.wire.on("iam:GetRole", meanwhile(appears(world, recreated)), skip=1)
    world.create(NAMED)
    assert world.role.role_id == "AROA2"
    assert world.account.attached[ROLE_NAME] == {READ_S3.arn: READ_S3.name}


def test_a_service_account_that_loses_its_annotation_while_the_role_is_written_to(world: World) -> None:
    """As a delete begins."""
    ready(world)
    world.account.attached[ROLE_NAME].clear()
    world.wire.on("iam:AttachRolePolicy", meanwhile(lambda: world.kubernetes.put(service_account({}))))

    error = world.refusal(PLAIN)

    assert isinstance(error, RemoteError)
    assert (str(error.resource), str(error.remedy)) == ("serviceaccount/my-sa", "run the same command again")


def test_a_policy_detached_by_somebody_else_counts_as_detached(world: World) -> None:
    ready(world)
    world.account.put(our_role(), READ_S3)
    world.account.attached[ROLE_NAME]["arn:other"] = "other"
    world.wire.on(
        "iam:DetachRolePolicy", meanwhile(lambda: world.account.attached[ROLE_NAME].pop("arn:other"))
    )
    world.create(desired(S3, purge=True))
    assert world.account.attached[ROLE_NAME] == {READ_S3.arn: READ_S3.name}


@pytest.mark.parametrize("call", ["rehearse create serviceaccount", "create serviceaccount"])
def test_a_service_account_that_appears_is_annotated_and_otherwise_left_alone(
    world: World, call: str
) -> None:
    world.wire.on(call, meanwhile(lambda: world.kubernetes.put(service_account({"team": "web"}))))
    outcome = world.create(NAMED)
    assert world.annotations == {"team": "web", ANNOTATION_ROLE_ARN: ROLE_ARN}
    assert outcome.annotations == world.annotations


@pytest.mark.parametrize("call", ["rehearse apply serviceaccount", "apply serviceaccount"])
def test_a_service_account_that_changes_keeps_what_was_changed(world: World, call: str) -> None:
    ready(world)
    world.kubernetes.put(service_account({}))
    world.wire.on(call, meanwhile(lambda: world.kubernetes.put(service_account({"team": "web"}))))
    world.create(NAMED)
    assert world.annotations == {"team": "web", ANNOTATION_ROLE_ARN: ROLE_ARN}


def test_a_service_account_deleted_meanwhile_is_made_again(world: World) -> None:
    ready(world)
    world.kubernetes.put(service_account({}))
    world.wire.on("apply serviceaccount", meanwhile(world.kubernetes.service_accounts.clear))
    world.create(NAMED)
    assert world.annotations[ANNOTATION_ROLE_ARN] == ROLE_ARN


def test_a_service_account_that_is_given_another_role_meanwhile_is_not_moved(world: World) -> None:
    other = service_account({ANNOTATION_ROLE_ARN: "arn:aws:iam::999999999999:role/x"})
    world.wire.on("create serviceaccount", meanwhile(lambda: world.kubernetes.put(other)))

    error = world.refusal(NAMED)

    assert "is already bound to another role" in str(error)
    assert world.annotations == other.annotations


def test_a_service_account_that_never_stands_still_is_given_up(world: World) -> None:
    ready(world)
    world.kubernetes.put(service_account({}))
    world.wire.on(
        "apply serviceaccount", meanwhile(lambda: world.kubernetes.put(service_account({}))), times=99
    )
    error = world.refusal(NAMED)
    assert str(error) == (
        f"serviceaccount {SUBJECT} was changed concurrently 3 times in a row; run the same command again"
    )


def test_the_service_account_that_a_new_namespace_is_born_with_is_annotated(world: World) -> None:
    world.kubernetes.namespaces = {"web": "missing"}
    world.kubernetes.born_with = (SUBJECT.name,)
    world.create(desired(by_arn(READ_S3), name=ROLE_NAME, create_namespace=True))
    assert world.annotations == {ANNOTATION_ROLE_ARN: ROLE_ARN}
