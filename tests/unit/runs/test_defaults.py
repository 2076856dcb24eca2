"""IAMSA_* variables, and -v, which says where each value comes from."""

from __future__ import annotations

import pytest
from unit.fakes.command_line import CommandLine
from unit.fakes.examples import BOUNDARY, CLUSTER
from unit.runs.shop import CREATE, add_boundaries

VARIABLES = {
    "IAMSA_PATH": "/team/",
    "IAMSA_PERMISSIONS_BOUNDARY": BOUNDARY,
    "IAMSA_TAGS": "team=web,cost=7",
}


@pytest.fixture
def bounded(line: CommandLine) -> CommandLine:
    add_boundaries(line)
    return line


def test_a_new_role_gets_their_values(bounded: CommandLine) -> None:
    bounded.run(*CREATE, **VARIABLES)
    role = bounded.world.role
    assert (role.path, role.permissions_boundary) == ("/team/", BOUNDARY)
    assert {"team": "web", "cost": "7"}.items() <= role.tags.items()


def test_a_flag_wins(bounded: CommandLine) -> None:
    bounded.run(*CREATE, "--path", "/mine/", "--tag", "cost=8", **VARIABLES)
    assert bounded.world.role.path == "/mine/"
    assert {"team": "web", "cost": "8"}.items() <= bounded.world.role.tags.items()


def test_a_flag_wins_whatever_the_case_of_the_tag_s_key(line: CommandLine) -> None:
    line.run(*CREATE, "--tag", "a=1", IAMSA_TAGS="A=2,b=3")
    tags = line.world.role.tags
    assert (tags.get("a"), tags.get("A"), tags.get("b")) == ("1", None, "3")


@pytest.mark.parametrize("verb", ["create", "update"])
def test_an_existing_role_keeps_what_it_has(made: CommandLine, verb: str) -> None:
    add_boundaries(made)
    before = made.world.state()
    made.run(verb, *CREATE[1:], **VARIABLES)
    assert (made.world.state(), made.world.wire.writes) == (before, [])


def test_an_invalid_one_stops_the_run_before_any_call(line: CommandLine) -> None:
    error = line.refused(*CREATE, IAMSA_PATH="team")
    assert error.startswith('invalid value "team" for IAMSA_PATH: ')
    assert line.world.wire.calls == []


def test_verbose_says_where_each_value_comes_from(bounded: CommandLine) -> None:
    said = bounded.run(*CREATE, "--dry-run", "-v", "--tag", "cost=8", **VARIABLES).err
    values = [" ".join(one.split()) for one in said.splitlines()]
    for value in (
        f"region {CLUSTER.region} context {CLUSTER.arn}",
        "path of a new role /team/ IAMSA_PATH",
        f"boundary of a new role {BOUNDARY} IAMSA_PERMISSIONS_BOUNDARY",
        "tags of a new role team=web, cost=8 IAMSA_TAGS and --tag",
        "audience sts.amazonaws.com default",
    ):
        assert value in values


@pytest.mark.parametrize("level", ["-v=0", "-v=00"])
def test_level_0_says_nothing(bounded: CommandLine, level: str) -> None:
    assert "IAMSA" not in bounded.run(*CREATE, "--dry-run", level, **VARIABLES).err
