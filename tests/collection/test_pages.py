"""The tasks that the documentation's pages show, run as a reader would run them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import program
import pytest
import yaml
from collection.conftest import Ansible
from pages.blocks import PAGES, blocks
from pocket_eks.world import World, start_world


def plays(page: Path) -> Iterator[Any]:
    """The page's plays; tasks that stand alone in a play of their own."""
    for block in blocks(page):
        if block.language == "yaml" and any("iamsa.eks" in line for line in block.lines):
            for item in yaml.safe_load("\n".join(block.lines)):
                yield (
                    item
                    if "hosts" in item
                    else {"hosts": "localhost", "gather_facts": False, "tasks": [item]}
                )


WITH_PLAYS = [page for page in PAGES if any(plays(page))]


@pytest.fixture(scope="module")
def fresh() -> Iterator[World]:
    """A world with the namespace that the pages speak of."""
    with start_world(path=[program.folder()]) as world:
        subprocess.run(["kubectl", "create", "namespace", "web"], env=world.environ, check=True)
        yield world


@pytest.mark.parametrize("page", WITH_PLAYS, ids=lambda page: page.name)
def test_a_pages_tasks_succeed_and_then_change_nothing(page: Path, fresh: World, tmp_path: Path) -> None:
    ansible = Ansible(fresh.environ, tmp_path)
    (tmp_path / "site.yml").write_text(yaml.safe_dump(list(plays(page)), sort_keys=False))
    for _ in range(2):
        done = ansible.run("ansible-playbook", "site.yml")
        assert done.returncode == 0, done.stdout + done.stderr
    assert "changed=0" in done.stdout.splitlines()[-2] + done.stdout.splitlines()[-1], done.stdout
