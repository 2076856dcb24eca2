"""What keeps a role from being deleted, each with the way out that is named: it works when done literally."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import pytest
from unit.fakes.command_line import CommandLine
from unit.fakes.examples import EARLIER_ISSUER, HOME, READ_SQS, document, our_statement
from unit.runs.shop import (
    ARN,
    CREATE,
    DELETE,
    NAME,
    annotate,
    make_role,
    make_service_account,
    set_tags,
    set_trust,
    trusted_besides,
)

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN

Change = Callable[[CommandLine], None]


def attached_by_hand(line: CommandLine) -> None:
    line.world.account.attached[NAME][READ_SQS.arn] = READ_SQS.name


def put_by_hand(line: CommandLine) -> None:
    line.world.account.inline[NAME]["by-hand"] = document()


def of_an_earlier_cluster(line: CommandLine) -> None:
    set_tags(line, iamsa__issuer=EARLIER_ISSUER)
    line.world.account.providers[HOME.provider_arn(EARLIER_ISSUER)] = ("sts.amazonaws.com",)
    set_trust(line, our_statement(EARLIER_ISSUER))


def taken_over(line: CommandLine) -> None:
    set_tags(line, iamsa__adopted="true")


def in_an_instance_profile(line: CommandLine) -> None:
    line.world.account.profiles[NAME] = ("nodes",)


def annotated_by_helm(line: CommandLine) -> None:
    annotate(line, "helm", **{ANNOTATION_ROLE_ARN: ARN})


@pytest.mark.parametrize(
    ("change", "says", "flag"),
    [
        (attached_by_hand, f"policies that iamsa did not add: policy {READ_SQS.arn}", "--purge"),
        (put_by_hand, "policies that iamsa did not add: inline policy by-hand", "--purge"),
        (of_an_earlier_cluster, "was created for an earlier cluster with the same name", "--rebind"),
        (taken_over, "was not created but adopted by iamsa", "--adopt"),
        (annotated_by_helm, "belongs to the field manager helm; remove it there first", "--force-conflicts"),
    ],
)
def test_a_flag_is_needed_and_named(made: CommandLine, change: Change, says: str, flag: str) -> None:
    change(made)
    error = made.refused(*DELETE)
    assert says in error
    assert f"add {flag} " in error
    made.run(*DELETE, flag)
    assert made.world.account.roles == {}


@pytest.mark.parametrize("change", [attached_by_hand, put_by_hand, of_an_earlier_cluster, taken_over])
def test_with_the_flag_nothing_is_left(made: CommandLine, change: Change) -> None:
    change(made)
    made.run(*DELETE, "--purge", "--rebind", "--adopt")
    assert (made.world.account.roles, made.world.kubernetes.service_accounts) == ({}, {})


def test_unmanaged_trust_is_to_be_removed_first(made: CommandLine) -> None:
    trusted_besides(made)
    error = made.refused(*DELETE)
    assert "also contains: Allow sts:AssumeRole to" in error
    command = "kubectl iamsa update my-sa -n web --replace-trust"
    assert command in error
    made.run(*shlex.split(command)[2:])
    made.run(*DELETE)
    assert made.world.account.roles == {}


def test_an_instance_profile_is_to_be_left_first(made: CommandLine) -> None:
    in_an_instance_profile(made)
    error = made.refused(*DELETE)
    assert (
        "is in the instance profile nodes; remove it with aws iam remove-role-from-instance-profile" in error
    )
    made.world.account.profiles.clear()
    made.run(*DELETE)
    assert made.world.account.roles == {}


@pytest.mark.parametrize(
    "change",
    [
        attached_by_hand,
        put_by_hand,
        trusted_besides,
        of_an_earlier_cluster,
        taken_over,
        in_an_instance_profile,
    ],
)
def test_a_role_that_may_not_go_can_be_kept(made: CommandLine, change: Change) -> None:
    change(made)
    before = made.world.role
    assert "add --keep-role to keep the role" in made.refused(*DELETE)
    made.run(*DELETE, "--keep-role")
    assert (made.world.role, made.world.kubernetes.service_accounts) == (before, {})


@pytest.mark.parametrize("flags", [(), ("--adopt", "--purge", "--rebind", "--force-conflicts")])
def test_a_role_that_somebody_else_made_is_never_deleted(line: CommandLine, flags: tuple[str, ...]) -> None:
    make_service_account(
        line, {ANNOTATION_ROLE_ARN: make_role(line, path="/iamsa/", tags={"Terraform": "true"})}
    )
    assert "is managed by Terraform" in line.refused(*DELETE, *flags)


def test_policies_of_an_adopted_role_that_were_there_before_stay_until_purged(line: CommandLine) -> None:
    make_role(line, READ_SQS, path="/iamsa/", trust=[our_statement()])
    line.run(*CREATE, "--adopt")
    line.world.account.age_record()
    assert f"policies that iamsa did not add: policy {READ_SQS.arn}" in line.refused(*DELETE, "--adopt")
    line.run(*DELETE, "--adopt", "--purge")
    assert line.world.account.roles == {}
