"""The collection's files say what it has, in the form that certified collections share."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

COLLECTION = Path(__file__).parents[2] / "ansible_collections/iamsa/eks"
README = (COLLECTION / "README.md").read_text()
RUNTIME = yaml.safe_load((COLLECTION / "meta/runtime.yml").read_text())
MODULES = {path.stem: path.read_text() for path in (COLLECTION / "plugins/modules").glob("*.py")}


def test_readme_has_the_headings_of_certified_collections_in_their_order() -> None:
    """https://access.redhat.com/articles/7068606"""
    assert re.findall(r"^## (.*)$", README, re.MULTILINE) == [
        "Description",
        "Requirements",
        "Installation",
        "Use Cases",
        "Testing",
        "Contributing",
        "Support",
        "Release notes",
        "Related information",
        "License",
    ]


def test_readme_lists_every_module() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)) == set(MODULES)


def test_readme_links_to_files_that_are_there() -> None:
    links = re.findall(r"\]\(([^):]+?)(?:#[^)]*)?\)", README)
    assert [link for link in links if not (COLLECTION / link).exists()] == []


@pytest.mark.parametrize("group", ["aws", "k8s"])
def test_action_group_has_the_modules_whose_options_it_sets(group: str) -> None:
    """Those whose documentation takes the options from the group's fragment."""
    takes = re.compile(rf"^ *- iamsa\.eks\.{group}$", re.MULTILINE)
    assert set(RUNTIME["action_groups"][group]) == {
        name for name, text in MODULES.items() if takes.search(text)
    }


def test_requirements_allow_newer_versions() -> None:
    """An execution environment joins those of many collections."""
    wanted = (COLLECTION / "requirements.txt").read_text().split()
    assert [line for line in wanted if re.search(r"[^!>]=|==|~|<", line)] == []
