"""Every test is run, by default or by a target of its own; CONTRIBUTING.md says which."""

from __future__ import annotations

import ast
import re
from pathlib import PurePath

import pytest
from gates.tree import ROOT, sources

MAKEFILE = (ROOT / "Makefile").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
TESTBED = (ROOT / "testbed/pyproject.toml").read_text()
NAME = "[a-z0-9-]+"
FILES = [
    path
    for path in sources()
    if re.fullmatch(r"((testbed|ansible_collections/iamsa/eks)/)?tests/(.+/)?test_\w+\.py", path)
]
"""The files of tests."""
TOO_LONG_FOR_CI = {"test-faults"}


def suite(name: str) -> str:
    (folders,) = re.findall(rf"^{name} := (.*)$", MAKEFILE, re.MULTILINE)
    return str(folders)


def recipes(target: str) -> list[str]:
    """The lines of the recipes of a target and of those that it needs, with the names of suites resolved."""
    needs, lines = "", ""
    for found in re.finditer(rf"^{target}:(?!=)([^#\n]*).*\n((?:\t.*\n)*)", MAKEFILE, re.MULTILINE):
        needs, lines = needs + found[1], lines + found[2]
    needed = re.findall(rf"(?<!\S){NAME}(?!\S)", needs) + re.findall(rf"\$\(MAKE\) \S+ ({NAME})", lines)
    own = re.sub(r"\$\((UNIT|WORLD)\)", lambda name: suite(name[1]), lines.replace("\\\n", ""))
    return [*own.splitlines(), *(line for one in needed for line in recipes(one))]


def run_by(*targets: str) -> set[str]:
    """The files of tests that these targets give to pytest."""
    patterns: set[str] = set()
    for line in (line for target in targets for line in recipes(target)):
        folder = "testbed/" if "cd testbed" in line else ""
        given = re.findall(r"(?<![\w./-])[\w./]*\btests\b[\w./]*", line.partition("-m pytest")[2])
        if folder and "pytest" in line and not given:
            (paths,) = re.findall(r"^testpaths = \[(.*)\]$", TESTBED, re.MULTILINE)
            given = re.findall(r'"([^"]+)"', paths)
        patterns |= {folder + word for word in given}
    return {file for file in FILES if any(covers(pattern, file) for pattern in patterns)}


def covers(pattern: str, file: str) -> bool:
    return file.startswith(f"{pattern}/") or PurePath(file).match(pattern)


def test_pytest_runs_by_default_what_make_test_runs(pytestconfig: pytest.Config) -> None:
    suites = f"{suite('UNIT')} {suite('WORLD')}"
    assert sorted(pytestconfig.getini("testpaths")) == sorted(suites.split())


def test_no_option_hides_a_test(pytestconfig: pytest.Config) -> None:
    runs = [line.partition("-m pytest")[2] for line in recipes("ci") if "-m pytest" in line]
    assert runs
    for line in [" ".join(pytestconfig.getini("addopts")), *runs]:
        assert re.findall(r"(?<!\S)(?:-m|-k|--ignore\S*|--deselect\S*)(?!\S)", line) == []


def test_ci_runs_every_file_of_tests_but_those_that_take_too_long() -> None:
    apart = run_by(*TOO_LONG_FOR_CI)
    assert {PurePath(file).parent for file in apart} == {PurePath("tests/faults")}
    assert sorted(set(FILES) - run_by("ci")) == sorted(apart)


def test_every_test_stands_in_a_file_that_pytest_collects() -> None:
    lost = [
        path
        for path in sources()
        if re.search(r"(^|/)tests/.+\.py$", path) and path not in FILES
        for node in ast.parse((ROOT / path).read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert lost == []


def test_every_folder_of_tests_is_listed() -> None:
    folders = {path.split("/")[1] for path in sources() if re.match(r"tests/[^/]+/", path)}
    assert folders == set(re.findall(r"^\| `tests/(\w+)/` \|", CONTRIBUTING, re.MULTILINE))


def test_each_folder_that_is_not_run_by_default_is_run_by_the_target_beside_it(
    pytestconfig: pytest.Config,
) -> None:
    default = tuple(f"{folder}/" for folder in pytestconfig.getini("testpaths"))
    others = {str(PurePath(file).parent) for file in FILES if file.startswith("tests/")}
    others = {folder for folder in others if not f"{folder}/".startswith(default)}
    assert others
    for folder in others:
        (row,) = re.findall(rf"^\| `{folder}/` \|.*$", CONTRIBUTING, re.MULTILINE)
        mine = {file for file in FILES if file.startswith(f"{folder}/")}
        assert mine <= run_by(*re.findall(r"`make ([a-z-]+)`", row)), folder
