# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM does not accept a trust policy that names a deleted role; the remedy that is printed works."""

from __future__ import annotations

import pytest
from unit.fakes.command_line import CommandLine
from unit.fakes.examples import our_statement
from unit.fakes.wire import fails
from unit.runs.shop import CREATE, NAME, make_role, set_trust, settled

GONE = "AROAEXAMPLEEXAMPLE123"
ORPHAN = {"Effect": "Allow", "Principal": {"AWS": GONE}, "Action": "sts:AssumeRole"}
SAYS = f"names {GONE}, a deleted role or user, which IAM no longer accepts"
WRONG = {**our_statement(), "Action": "sts:AssumeRole"}


def test_of_a_role_that_is_not_ours_both_flags_are_offered_and_work(line: CommandLine) -> None:
    make_role(line, trust=[ORPHAN])
    error = line.refused(*CREATE)
    assert SAYS in error
    assert "add --adopt and --replace-trust to adopt it" in error
    settled(line, "--adopt", "--replace-trust")


def test_adopt_alone_is_refused_before_anything_is_written(line: CommandLine) -> None:
    make_role(line, trust=[ORPHAN])
    error = line.refused(*CREATE, "--adopt")
    assert f"the trust policy of role {NAME} {SAYS}; add --replace-trust" in error
    assert line.world.wire.writes == []


def test_of_our_role_the_flag_that_works_is_offered(made: CommandLine) -> None:
    set_trust(made, WRONG, ORPHAN)
    error = made.refused(*CREATE)
    assert "add --replace-trust to remove it: the policy names" in error
    assert "--adopt" not in error
    settled(made, "--replace-trust")


def test_a_policy_that_needs_no_change_is_left_alone(made: CommandLine) -> None:
    set_trust(made, our_statement(), ORPHAN)
    made.run(*CREATE, "--adopt")
    assert made.world.role.trust["Statement"] == [our_statement(), ORPHAN]


@pytest.mark.parametrize("principal", ["AIDAEXAMPLEEXAMPLE123", ["arn:aws:iam::123456789012:root", GONE]])
def test_users_and_lists_are_seen_too(line: CommandLine, principal: object) -> None:
    make_role(line, trust=[{**ORPHAN, "Principal": {"AWS": principal}}])
    assert "a deleted role or user" in line.refused(*CREATE)


def test_what_only_iam_knows_to_be_gone_has_a_remedy_at_the_write(made: CommandLine) -> None:
    set_trust(made, WRONG)
    made.world.wire.on(
        "iam:UpdateAssumeRolePolicy",
        fails("MalformedPolicyDocument", "Invalid principal in policy: Federated"),
    )
    error = made.run(*CREATE, "--adopt", code=1).err
    assert "add --replace-trust to remove the statements that iamsa did not add" in error
