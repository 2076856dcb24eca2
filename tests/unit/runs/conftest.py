"""The command line in memory, before and after a first create."""

from __future__ import annotations

import pytest
from unit.fakes.command_line import CommandLine, command_line
from unit.runs.shop import CREATE


@pytest.fixture
def line(command_line: CommandLine) -> CommandLine:
    """Nothing of the ServiceAccount exists."""
    return command_line


@pytest.fixture
def made(line: CommandLine) -> CommandLine:
    """The same, after a create that is long ago."""
    line.run(*CREATE)
    line.world.account.age_record()
    line.world.wire.forget()
    return line


__all__ = ["command_line"]
