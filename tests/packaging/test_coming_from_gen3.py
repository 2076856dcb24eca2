"""docs/coming-from-gen3.md: each of its commands can be typed, and its loop takes over what gen3 made."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import program
import pytest
from e2e.gen3 import Habit
from e2e.shop import Shop, trusting_account
from kubectl_iamsa.argv.reader import parse
from kubectl_iamsa.gen3 import argv as gen3
from kubectl_iamsa.gen3.words import ACTIONS, JOBS, VERB
from kubectl_iamsa.verb_tree import PROG, build_parser
from pocket_eks.world import World, start_world

PAGE = (Path(__file__).parents[2] / "docs" / "coming-from-gen3.md").read_text()
BLOCKS = re.findall(r"^```(?:sh|console)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def commands() -> Iterator[str]:
    """Every `kubectl iamsa …` of the page, in blocks and tables, without what the shell does to it."""
    written = [line for block in BLOCKS for line in block.splitlines()]
    written += re.findall(r"`(kubectl iamsa [^`]+)`", PAGE)
    for line in written:
        found = re.search(r"kubectl iamsa ([^|<)]+)", line)
        if found and not line.startswith("error: "):
            yield found[1].strip()


COMMANDS = sorted(set(commands()))


def said(command: str) -> dict[str, Any]:
    words = shlex.split(command)
    if gen3.is_meant(words):
        return vars(parse(gen3.build_parser(PROG), gen3.parsable(words))[1])
    return vars(parse(build_parser(), words)[1])


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_understood(command: str) -> None:
    assert said(command)["verb"]


def rows() -> list[tuple[str, str]]:
    """The commands that stand side by side."""
    return re.findall(r"^\| `kubectl iamsa ([^`]+)` \| `kubectl iamsa ([^`]+)` \|", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("old", "new"), rows())
def test_commands_side_by_side_say_the_same(old: str, new: str) -> None:
    before, after = said(old), said(new)
    job = next(job for job in JOBS if before[job] is not None)
    assert after["verb"] == job
    assert after["name"] == before[job] == "my-sa"
    assert after.get("policy", []) == before["policy"]
    assert after["role_name"] == before["role_name"]
    if job == "update":
        assert ACTIONS[before["action"]] == after["action"]
    if job == "create" and not before["role_name"]:
        assert after["role_name_style"] == "gen3"


def test_every_job_of_the_old_form_is_shown() -> None:
    assert {job for old, _ in rows() for job in JOBS if said(old)[job]} == set(JOBS)


def test_the_page_names_only_flags_that_exist() -> None:
    known = set(gen3.build_parser(PROG).verbs()[VERB].flags())
    known |= {flag for verb in build_parser().verbs().values() for flag in verb.flags()}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PAGE)) - known == set()


@pytest.fixture
def fresh() -> Iterator[World]:
    """A world of its own: the loop goes through the ServiceAccounts of all namespaces."""
    with start_world(path=[program.folder()]) as world:
        yield world


@pytest.fixture
def habits(fresh: World) -> list[Habit]:
    """Three ServiceAccounts with a role that gen3 made, the last with a name that was cut."""
    variables = fresh.variables
    iam = boto3.client(
        "iam",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        region_name=fresh.region,
        aws_access_key_id=variables["WORLD_ADMIN_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["WORLD_ADMIN_SECRET_ACCESS_KEY"],
    )

    def kubectl(*words: str, stdin: str = "", **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["kubectl", *words], env=fresh.environ, input=stdin, capture_output=True, text=True, check=False
        )

    shop = Shop(fresh, "narrow", iam, partial(kubectl, "iamsa"), kubectl)
    made = [Habit(replace(shop, name=name)) for name in ("app", "app-b", f"app-{'x' * 60}")]
    for habit in made:
        habit.gen3_makes()
    return made


@pytest.fixture
def others(habits: list[Habit]) -> Shop:
    """One with a role of somebody else."""
    shop = replace(habits[0].shop, name="other")
    role = f"theirs-{shop.namespace}"
    arn = shop.make_role(role, trust=[shop.statement(), trusting_account(shop.world.account)])
    shop.make_service_account({"eks.amazonaws.com/role-arn": arn})
    return shop


def test_the_loop_takes_over_every_role_that_gen3_made_and_no_other(
    fresh: World, habits: list[Habit], others: Shop
) -> None:
    (_, rest) = PAGE.split("<!-- run by a test -->\n```sh\n")
    loop = rest.partition("```")[0].replace("cluster=demo", f"cluster={fresh.cluster}")
    for _ in range(2):
        done = subprocess.run(
            ["bash", "-euc", loop], env=fresh.environ, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        arns = [line for line in done.stdout.splitlines() if line.startswith("arn:")]
        assert sorted(arns) == sorted(habit.arn for habit in habits)
    for habit in habits:
        role = habit.role()
        assert role
        assert habit.shop.tags.items() <= role["Tags"].items()
        assert habit.run("-l", "NAME").stdout == "AmazonS3ReadOnlyAccess\n"
    theirs = others.role(f"theirs-{others.namespace}")
    assert theirs
    assert theirs["Tags"] == {}
