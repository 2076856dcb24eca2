"""A user of the form of `gen3 iam-serviceaccount`, in memory."""

from __future__ import annotations

import pytest
from unit.fakes.command_line import CommandLine, command_line
from unit.gen3.habit import S3, SNS, SQS, Habit, aws_managed

from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy


@pytest.fixture
def habit(command_line: CommandLine) -> Habit:
    """Nothing of the ServiceAccount exists."""
    for name in (S3, SQS, SNS):
        command_line.world.account.add(ManagedPolicy(name, aws_managed(name)))
    return Habit(command_line)


@pytest.fixture
def settled(habit: Habit) -> Habit:
    """The same, after a first -c."""
    habit.run("-c NAME -p S3")
    habit.world.account.age_record()
    return habit


__all__ = ["command_line"]
