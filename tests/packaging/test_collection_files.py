"""The collection's files say what it has, in the form that certified collections share."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from gates.versions import required
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

COLLECTION = Path(__file__).parents[2] / "ansible_collections/iamsa/eks"
README = (COLLECTION / "README.md").read_text()
RUNTIME = yaml.safe_load((COLLECTION / "meta/runtime.yml").read_text())
REQUIREMENTS = (COLLECTION / "requirements.txt").read_text().split()
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
    versions = [line.partition(";")[0] for line in REQUIREMENTS]
    assert [line for line in versions if re.search(r"[^!>]=|==|~|<", line)] == []


def test_the_modules_check_what_is_required() -> None:
    """PyYAML aside: one of any version does."""
    pytest.importorskip("ansible", reason="ansible-core needs a newer Python than this one")
    from ansible_collections.iamsa.eks.plugins.module_utils.task.requirements import BOTO3, KUBERNETES  # noqa: PLC0415

    wanted = required_by_collection()
    checked = {library.name: library for library in (BOTO3, *KUBERNETES)}
    assert set(checked) == set(wanted)
    for name in wanted.keys() - {"PyYAML"}:
        refused = [f"!={version}" for version in checked[name].refused]
        assert wanted[name] == SpecifierSet(",".join([f">={checked[name].minimum}", *refused]))


@pytest.mark.parametrize("python", ["3.10", "3.12"])
def test_the_plugin_requires_the_same_as_the_collection(python: str) -> None:
    of_wheel = {one.name.lower(): one.specifier for one in map(Requirement, required(python=python))}
    # The modules ask for it where a SOCKS proxy is used.
    del of_wheel["pysocks"]
    of_collection = required_by_collection(python).items()
    assert of_wheel == {name.lower(): specifier for name, specifier in of_collection}


@pytest.mark.parametrize(("tests", "own"), [("unit", ["jsonschema>=4.18"]), ("integration", [])])
def test_its_tests_require_the_same_as_the_collection(tests: str, own: list[str]) -> None:
    lines = (COLLECTION / f"tests/{tests}/requirements.txt").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == [*REQUIREMENTS, *own]


def required_by_collection(python: str = "") -> dict[str, SpecifierSet]:
    """What requirements.txt asks for; on this Python, or on another."""
    environment = {"python_version": python} if python else {}
    return {
        one.name: one.specifier
        for one in map(Requirement, REQUIREMENTS)
        if one.marker is None or one.marker.evaluate(environment)
    }
